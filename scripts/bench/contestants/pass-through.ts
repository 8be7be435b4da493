/** The least that a proxy can do. */
interface Bindings {
  readonly ORIGIN: string;
}

export default {
  fetch(request, { ORIGIN }) {
    const { pathname, search } = new URL(request.url);
    return fetch(ORIGIN + pathname + search);
  },
} satisfies ExportedHandler<Bindings>;
