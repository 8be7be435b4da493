/** Kilometres between two places on a sphere of Earth's mean radius: another formula than the one under test. */
export function haversine(a: readonly [number, number], b: readonly [number, number]): number {
  const [phi, psi] = [radians(a[0]), radians(b[0])];
  const h = Math.sin((psi - phi) / 2) ** 2 + Math.cos(phi) * Math.cos(psi) * Math.sin(radians(b[1] - a[1]) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(h)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
