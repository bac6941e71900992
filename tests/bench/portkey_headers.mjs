// SPDX-License-Identifier: GPL-3.0-or-later
// Loaded before Portkey 1.15.2: under the hono server that npm gives it, it appends to a fetch answer's headers, which are
// immutable, and every stream ends in a 500. With headers that may be changed it streams. A few microseconds a call.
const plainFetch = globalThis.fetch;
const PlainResponse = globalThis.Response;
globalThis.fetch = async (...call) => {
    const answer = await plainFetch(...call);
    return new PlainResponse(answer.body, { status: answer.status, statusText: answer.statusText, headers: new Headers(answer.headers) });
};
