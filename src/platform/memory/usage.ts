import type { Edge, Usage } from "../../edge.ts";
import { S3Fifo } from "./s3-fifo.ts";

/** For what an isolate knows of the use of stored answers, as {@link S3Fifo} weighs it: some 3,000 answers. */
const mostBytes = 2 << 20;

/** Of one answer, without its key. */
const usageBytes = 300;

/** Longer keys are not remembered: clients choose some of them. */
const longestKey = 2_000;

/** It outlives configs, as what is stored does. */
export function createUsage(): Edge["usage"] {
  const usages = new S3Fifo<Usage>(mostBytes);
  return (key) => {
    const known = usages.get(key);
    if (known) return known;
    const made: Usage = { generation: "", hits: 0, isCoded: false, forms: new Map() };
    if (key.length <= longestKey) usages.set(key, made, usageBytes);
    return made;
  };
}
