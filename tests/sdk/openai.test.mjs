// SPDX-License-Identifier: GPL-3.0-or-later
// What a program sees that calls Signalbox through the openai package for Node. Started by run_sdk_tests.py.
import assert from 'node:assert/strict';
import test from 'node:test';

const { default: OpenAI } = await import(process.env.SIGNALBOX_NODE_SDK);
const baseURL = process.env.SIGNALBOX_TEST_URL;
const key = process.env.SIGNALBOX_TEST_KEY;
const messages = [{ role: 'user', content: 'ping' }];
const weather = { type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } } };

const client = (apiKey = key, options = {}) => new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 20000, ...options });
const ask = (model, more = {}) => client().chat.completions.create({ model, messages, ...more });

async function textOf(stream) {
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? '';
    return text;
}

test('chat answers with usage', async () => {
    const answer = await ask('pong');
    assert.equal(answer.choices[0].message.content, 'pong');
    assert.equal(answer.usage.total_tokens, 12);
});

test('headers tell of the call', async () => {
    const { response } = await client().chat.completions.create({ model: 'pong', messages }).withResponse();
    assert.match(response.headers.get('x-signalbox-call-id'), /^call_\w{26}$/);
});

test('stream gives the same text, usage only when asked', async () => {
    const chunks = [];
    for await (const chunk of await ask('pong', { stream: true })) chunks.push(chunk);
    assert.equal(chunks.map((chunk) => chunk.choices[0].delta.content ?? '').join(''), 'pong');
    assert.ok(chunks.every((chunk) => !chunk.usage));

    const asked = [];
    for await (const chunk of await ask('pong', { stream: true, stream_options: { include_usage: true } })) asked.push(chunk);
    assert.equal(asked.at(-1).usage.prompt_tokens, 9);
    assert.deepEqual(asked.at(-1).choices, []);
});

test('stream that was cut raises', async () => {
    await assert.rejects(async () => textOf(await ask('fake/cut', { stream: true })), OpenAI.APIError);
});

test('trickled stream is the same', async () => {
    assert.equal(await textOf(await ask('fake/trickle', { stream: true })), 'gr\u00fc\u00df dich');
});

test('every character arrives both ways, also in a stream', async () => {
    const words = 'Gr\u00fc\u00dfe \u4e16\u754c \u{1f6a6} \u2028 \u0000 "quoted" \\ back\tslash\r\n';
    const answer = await client().chat.completions.create({ model: 'fake/echo', messages: [{ role: 'user', content: words }] });
    assert.equal(JSON.parse(answer.choices[0].message.content).messages[0].content, words);
    assert.equal(await textOf(await ask('fake/unicode', { stream: true })), 'Gr\u00fc\u00dfe \u4e16\u754c \u{1f6a6}\u2028!');
});

test('large body arrives whole', async () => {
    const words = '0123456789abcdef'.repeat(256 * 1024);
    const answer = await client(key, { timeout: 60000 }).chat.completions.create({ model: 'fake/echo', messages: [{ role: 'user', content: words }] });
    assert.ok(JSON.parse(answer.choices[0].message.content).messages[0].content === words);
});

test('headers of a stream tell of the call', async () => {
    const { data, response } = await client().chat.completions.create({ model: 'pong', messages, stream: true }).withResponse();
    assert.match(response.headers.get('x-signalbox-call-id'), /^call_\w{26}$/);
    assert.equal(await textOf(data), 'pong');
});

test('odd chunks are read', async () => {
    assert.equal(await textOf(await ask('fake/odd', { stream: true })), 'odd');
});

test('stream that was aborted ends, and harms nobody', async () => {
    const stream = await ask('fake/stall', { stream: true });
    for await (const chunk of stream) {
        if (chunk.choices[0]?.delta?.content) stream.controller.abort();
    }
    assert.equal((await ask('pong')).choices[0].message.content, 'pong');
    const open = async () => (await (await fetch(baseURL.replace(/\/v1$/, '/metrics'))).text()).match(/^signalbox_streams_open (\d+)$/m)[1];
    const deadline = Date.now() + 10000;
    while ((await open()) !== '0') assert.ok(Date.now() < deadline, 'the stream is still open upstream');
});

test('fallback chain answers', async () => {
    assert.equal((await ask('chain')).choices[0].message.content, 'pong');
    assert.equal(await textOf(await ask('chain', { stream: true })), 'pong');
});

test('tools are passed through and come back', async () => {
    const sent = JSON.parse((await ask('fake/echo', { tools: [weather], tool_choice: 'auto' })).choices[0].message.content);
    assert.deepEqual(sent.tools, [weather]);
    const call = (await ask('fake/tools', { tools: [weather] })).choices[0].message.tool_calls[0];
    assert.deepEqual([call.function.name, JSON.parse(call.function.arguments).city], ['get_weather', 'Paris']);

    const both = await client().chat.completions.stream({ model: 'fake/parallel-tools', messages, tools: [weather] }).finalChatCompletion();
    assert.deepEqual(both.choices[0].message.tool_calls.map((one) => [one.id, one.function.name, JSON.parse(one.function.arguments)]),
        [['call_a', 'get_weather', { city: 'Z\u00fcrich' }], ['call_b', 'get_time', { zone: 'UTC' }]]);

    const final = await client().chat.completions.stream({ model: 'fake/tools', messages, tools: [weather] }).finalChatCompletion();
    assert.equal(JSON.parse(final.choices[0].message.tool_calls[0].function.arguments).city, 'Paris');
});

test('JSON mode', async () => {
    const sent = JSON.parse((await ask('fake/echo', { response_format: { type: 'json_object' } })).choices[0].message.content);
    assert.deepEqual(sent.response_format, { type: 'json_object' });
    assert.equal(JSON.parse((await ask('fake/json', { response_format: { type: 'json_object' } })).choices[0].message.content).degrees, 21);
});

test('embeddings, base64 by default and floats', async () => {
    const answer = await client().embeddings.create({ model: 'fake/embed', input: ['one', 'two'] });
    assert.deepEqual(answer.data.map((entry) => Array.from(entry.embedding)), [[0.5, -0.25, 1], [0.5, -0.25, 1]]);
    const floats = await client().embeddings.create({ model: 'fake/embed', input: 'one', encoding_format: 'float' });
    assert.deepEqual(floats.data[0].embedding, [0.5, -0.25, 1]);
});

test('errors are raised as the right class', async () => {
    const cases = [
        [OpenAI.AuthenticationError, 401, () => client('no-such-key').chat.completions.create({ model: 'pong', messages })],
        [OpenAI.PermissionDeniedError, 403, () => client(process.env.SIGNALBOX_TEST_NARROW_KEY).chat.completions.create({ model: 'fake/echo', messages })],
        [OpenAI.NotFoundError, 404, () => ask('no-such-route')],
        [OpenAI.BadRequestError, 400, () => ask('fake/status-400')],
        [OpenAI.BadRequestError, 400, () => ask('fake/context')],
        [OpenAI.UnprocessableEntityError, 422, () => ask('fake/status-422')],
        [OpenAI.RateLimitError, 429, () => ask('limited')],
        [OpenAI.InternalServerError, 502, () => ask('rejected')],
        [OpenAI.InternalServerError, 502, () => ask('forbidden')],
        [OpenAI.InternalServerError, 504, () => client(key, { defaultHeaders: { 'x-signalbox-timeout': '300ms' } }).chat.completions.create({ model: 'fake/silence', messages })],
        [OpenAI.InternalServerError, undefined, () => ask('fake/status-500')],
        [OpenAI.InternalServerError, undefined, () => ask('fake/html')],
    ];
    for (const [kind, status, call] of cases) {
        await assert.rejects(call, (error) => {
            assert.ok(error instanceof kind, `${call} raised ${error.constructor.name} ${error.status}: ${error.message}`);
            if (status) assert.equal(error.status, status);
            return true;
        });
    }
});

test('timeout of the client', async () => {
    await assert.rejects(client(key, { timeout: 500 }).chat.completions.create({ model: 'fake/silence', messages }), OpenAI.APIConnectionTimeoutError);
});

test('models are listed and retrieved', async () => {
    const ids = [];
    for await (const model of client().models.list()) ids.push(model.id);
    assert.ok(ids.includes('pong'));
    assert.equal((await client().models.retrieve('pong')).id, 'pong');
    await assert.rejects(client().models.retrieve('no-such-route'), OpenAI.NotFoundError);
});
