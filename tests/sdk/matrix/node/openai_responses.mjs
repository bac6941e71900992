// SPDX-License-Identifier: GPL-3.0-or-later
// openai for Node, by Responses.
import { key, need, Person, raises, run, same, scenario, url, watchedFetch } from './cells.mjs';

const OpenAI = need('openai');
const { zodTextFormat } = need('openai/helpers/zod');

const tool = (name, parameter) => ({ type: 'function', name, description: `Does ${name}.`, strict: true, parameters: { type: 'object', properties: { [parameter]: { type: 'string' } }, required: [parameter], additionalProperties: false } });
const [lookup, weather] = [tool('lookup', 'key'), tool('get_weather', 'city')];
const reasoning = { reasoning: { effort: 'low', summary: 'auto' }, include: ['reasoning.encrypted_content'] };

class Responses {
    sdk = 'openai (Node)';
    format = 'OpenAI Responses';
    client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0, timeout: 20000, fetch: watchedFetch });
    refuses = (error) => error instanceof OpenAI.APIError;

    answer(site, ability, input, streams, more = {}) {
        const asked = { model: `${site.name}-${ability}`, input, store: false, ...more };
        return streams ? this.client.responses.stream(asked).finalResponse() : this.client.responses.create(asked);
    }

    conversation() {
        const told = scenario.text;
        return [{ role: 'developer', content: told.system }, { role: 'user', content: told.first }, { role: 'assistant', content: told.noted }, { role: 'user', content: told.ask }];
    }

    async text(site) {
        const answer = await this.answer(site, 'chat', this.conversation(), false);
        same(answer.output_text, scenario.text.expected);
        same(answer.status, 'completed', 'status');
    }

    async stream(site) {
        let text = '';
        const stream = await this.client.responses.create({ model: `${site.name}-chat`, input: this.conversation(), store: false, stream: true });
        for await (const event of stream) text += event.type === 'response.output_text.delta' ? event.delta : '';
        same(text, scenario.text.expected);
    }

    async turn(site, ability, input, streams, more) {
        const answer = await this.answer(site, ability, input, streams, more);
        // The SDK adds what OpenAI would refuse.
        input.push(...answer.output.map(({ parsed, parsed_arguments, ...item }) => (item.content ? { ...item, content: item.content.map(({ parsed: _, ...part }) => part) } : item)));
        return [answer, answer.output.filter((item) => item.type === 'function_call')];
    }

    async tools(site, ability = 'tools', more = {}) {
        const { chain } = scenario;
        const input = [{ role: 'user', content: chain.ask }];
        const asked = [];
        let answer, calls;
        for (let number = 0; number < 4; ++number) {
            [answer, calls] = await this.turn(site, ability, input, number % 2 === 0, { tools: [lookup], ...more });
            if (!calls.length) break;
            for (const call of calls) {
                asked.push(JSON.parse(call.arguments).key);
                input.push({ type: 'function_call_output', call_id: call.call_id, output: JSON.stringify(chain.results[asked.at(-1)]) });
            }
        }
        same(asked, chain.keys, 'the keys that were looked up');
        same(answer.output_text, chain.expected);
    }

    async parallel(site) {
        for (const streams of [false, true]) {
            const input = [{ role: 'user', content: scenario.weather.ask }];
            const [, calls] = await this.turn(site, 'tools', input, streams, { tools: [weather] });
            const city = (call) => JSON.parse(call.arguments).city;
            same(calls.map(city), Object.keys(scenario.weather.degrees), 'the cities that were asked for');
            for (const call of [...calls].reverse())
                input.push({ type: 'function_call_output', call_id: call.call_id, output: JSON.stringify({ degrees: scenario.weather.degrees[city(call)] }) });
            same((await this.turn(site, 'tools', input, streams, { tools: [weather] }))[0].output_text, scenario.weather.expected);
        }
    }

    async vision(site) {
        const content = [{ type: 'input_text', text: scenario.picture.ask }, { type: 'input_image', image_url: `data:image/png;base64,${scenario.picture.png}` }];
        same((await this.answer(site, 'vision', [{ role: 'user', content }], false)).output_text, scenario.picture.expected);
    }

    async schema(site) {
        const answer = await this.client.responses.parse({ model: `${site.name}-schema`, input: scenario.person.ask, store: false, text: { format: zodTextFormat(Person, 'person') } });
        same(answer.output_parsed, scenario.person.expected);
    }

    async reasoning(site) {
        for (const streams of [false, true]) {
            const answer = await this.answer(site, 'reasoning', scenario.text.first, streams, reasoning);
            const thoughts = answer.output.filter((item) => item.type === 'reasoning').map((item) => item.summary.map((part) => part.text).join(''));
            same(thoughts[0]?.startsWith(scenario.thought), true, `that the thought (${thoughts}) begins as it should`);
        }
        if (site.able.tools) await this.tools(site, 'reasoning', reasoning);
    }

    async errors(site) {
        const ask = (model, input = 'Hello', more = {}) => this.client.responses.create({ model: `${site.name}${model}`, input, store: false, ...more });
        await raises(() => ask('-chat', scenario.long), OpenAI.BadRequestError, 400, 'context_length_exceeded');
        await raises(() => ask('-chat', scenario.long, { stream: true }), OpenAI.BadRequestError, 400, 'context_length_exceeded');
        if (!site.serves_any_model) await raises(() => ask('/no-such-model'), OpenAI.NotFoundError, 404, 'model_not_found');
        await raises(() => ask('-badkey'), OpenAI.InternalServerError, 502, 'provider_auth');
        if (site.limits) await raises(() => ask('-limited'), OpenAI.RateLimitError, 429);
    }
}

await run(new Responses());
