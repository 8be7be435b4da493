export default { async fetch(request: Request) { return new Response("hi " + request.url); } };
