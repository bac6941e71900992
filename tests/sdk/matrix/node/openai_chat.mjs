// SPDX-License-Identifier: GPL-3.0-or-later
// openai for Node, by chat completions.
import { key, need, Person, raises, run, same, scenario, url, watchedFetch } from './cells.mjs';

const OpenAI = need('openai');
const { zodResponseFormat } = need('openai/helpers/zod');

const tool = (name, parameter) => ({ type: 'function', function: { name, description: `Does ${name}.`, parameters: { type: 'object', properties: { [parameter]: { type: 'string' } }, required: [parameter] } } });
const [lookup, weather] = [tool('lookup', 'key'), tool('get_weather', 'city')];

class Chat {
    sdk = 'openai (Node)';
    format = 'OpenAI Chat';
    client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0, timeout: 20000, fetch: watchedFetch });
    refuses = (error) => error instanceof OpenAI.APIError;
    ask = (asked) => this.client.chat.completions.create(asked);

    conversation(site) {
        const told = scenario.text;
        return { model: `${site.name}-chat`, messages: [{ role: 'developer', content: told.system }, { role: 'user', content: told.first }, { role: 'assistant', content: told.noted }, { role: 'user', content: told.ask }] };
    }

    async text(site) {
        const answer = await this.ask({ ...this.conversation(site), max_completion_tokens: 500, temperature: 0.5 });
        same(answer.choices[0].message.content, scenario.text.expected);
        same(answer.choices[0].finish_reason, 'stop', 'finish_reason');
    }

    async stream(site) {
        let text = '', usages = 0;
        for await (const chunk of await this.ask({ ...this.conversation(site), stream: true, stream_options: { include_usage: true } })) {
            text += chunk.choices[0]?.delta?.content ?? '';
            usages += chunk.usage ? 1 : 0;
        }
        same(text, scenario.text.expected);
        same(usages, 1, 'the number of chunks with usage');
    }

    async turn(site, ability, messages, streams, more) {
        const asked = { model: `${site.name}-${ability}`, messages, ...more };
        const answer = streams ? await this.client.chat.completions.stream(asked).finalChatCompletion() : await this.ask(asked);
        messages.push(answer.choices[0].message);
        return answer.choices[0].message;
    }

    async tools(site, ability = 'tools', more = {}) {
        const { chain } = scenario;
        const messages = [{ role: 'user', content: chain.ask }];
        const asked = [];
        let message;
        for (let number = 0; number < 4; ++number) {
            message = await this.turn(site, ability, messages, number % 2 === 0, { tools: [lookup], ...more });
            if (!message.tool_calls?.length) break;
            for (const call of message.tool_calls) {
                asked.push(JSON.parse(call.function.arguments).key);
                messages.push({ role: 'tool', tool_call_id: call.id, content: JSON.stringify(chain.results[asked.at(-1)]) });
            }
        }
        same(asked, chain.keys, 'the keys that were looked up');
        same(message.content, chain.expected);
    }

    async parallel(site) {
        for (const streams of [false, true]) {
            const messages = [{ role: 'user', content: scenario.weather.ask }];
            const { tool_calls: calls = [] } = await this.turn(site, 'tools', messages, streams, { tools: [weather] });
            const city = (call) => JSON.parse(call.function.arguments).city;
            same(calls.map(city), Object.keys(scenario.weather.degrees), 'the cities that were asked for');
            for (const call of calls.toReversed?.() ?? [...calls].reverse())
                messages.push({ role: 'tool', tool_call_id: call.id, content: JSON.stringify({ degrees: scenario.weather.degrees[city(call)] }) });
            same((await this.turn(site, 'tools', messages, streams, { tools: [weather] })).content, scenario.weather.expected);
        }
    }

    async vision(site) {
        const content = [{ type: 'text', text: scenario.picture.ask }, { type: 'image_url', image_url: { url: `data:image/png;base64,${scenario.picture.png}` } }];
        same((await this.ask({ model: `${site.name}-vision`, messages: [{ role: 'user', content }] })).choices[0].message.content, scenario.picture.expected);
    }

    async schema(site) {
        const answer = await this.client.chat.completions.parse({ model: `${site.name}-schema`, messages: [{ role: 'user', content: scenario.person.ask }], response_format: zodResponseFormat(Person, 'person') });
        same(answer.choices[0].message.parsed, scenario.person.expected);
    }

    async reasoning(site) {
        const answer = await this.ask({ model: `${site.name}-reasoning`, messages: [{ role: 'user', content: scenario.text.first }], reasoning_effort: 'low' });
        const thought = answer.choices[0].message.reasoning_content;
        if (!site.hides_thought) same(thought?.startsWith(scenario.thought), true, `that the thought (${thought}) begins as it should`);
        if (site.able.tools) await this.tools(site, 'reasoning', { reasoning_effort: 'low' });
    }

    async errors(site) {
        const ask = (model, content = 'Hello', more = {}) => this.ask({ model: `${site.name}${model}`, messages: [{ role: 'user', content }], ...more });
        await raises(() => ask('-chat', scenario.long), OpenAI.BadRequestError, 400, 'context_length_exceeded');
        await raises(() => ask('-chat', scenario.long, { stream: true }), OpenAI.BadRequestError, 400, 'context_length_exceeded');
        if (!site.serves_any_model) await raises(() => ask('/no-such-model'), OpenAI.NotFoundError, 404, 'model_not_found');
        await raises(() => ask('-badkey'), OpenAI.InternalServerError, 502, 'provider_auth');
        if (site.limits) await raises(() => ask('-limited'), OpenAI.RateLimitError, 429);
    }

    async embeddings(site) {
        const { texts, vectors } = scenario.embeddings;
        const asked = texts.slice(0, site.texts_at_once);
        const answer = await this.client.embeddings.create({ model: `${site.name}-embeddings`, input: asked });
        same(answer.data.map((entry) => Array.from(entry.embedding)), vectors.slice(0, asked.length));
    }
}

await run(new Chat());
