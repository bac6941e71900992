// SPDX-License-Identifier: GPL-3.0-or-later
// @anthropic-ai/sdk for Node.
import { key, need, Person, raises, run, same, scenario, url, watchedFetch } from './cells.mjs';

const Anthropic = need('@anthropic-ai/sdk');
const { zodOutputFormat } = need('@anthropic-ai/sdk/helpers/zod');

const tool = (name, parameter) => ({ name, description: `Does ${name}.`, input_schema: { type: 'object', properties: { [parameter]: { type: 'string' } }, required: [parameter] } });
const [lookup, weather] = [tool('lookup', 'key'), tool('get_weather', 'city')];
const thinking = { type: 'enabled', budget_tokens: 1024 };
const textOf = (message) => message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');

class Messages {
    sdk = '@anthropic-ai/sdk (Node)';
    format = 'Anthropic Messages';
    client = new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0, timeout: 20000, fetch: watchedFetch });
    refuses = (error) => error instanceof Anthropic.APIError;

    answer(site, ability, messages, streams, more = {}) {
        const asked = { model: `${site.name}-${ability}`, max_tokens: 2000, messages, ...more };
        return streams ? this.client.messages.stream(asked).finalMessage() : this.client.messages.create(asked);
    }

    conversation() {
        const told = scenario.text;
        return [[{ role: 'user', content: told.first }, { role: 'assistant', content: told.noted }, { role: 'user', content: told.ask }], { system: [{ type: 'text', text: told.system, cache_control: { type: 'ephemeral' } }] }];
    }

    async text(site) {
        const [messages, more] = this.conversation();
        const message = await this.answer(site, 'chat', messages, false, more);
        same([textOf(message), message.stop_reason], [scenario.text.expected, 'end_turn']);
    }

    async stream(site) {
        const [messages, more] = this.conversation();
        let text = '';
        for await (const event of await this.client.messages.create({ model: `${site.name}-chat`, max_tokens: 2000, messages, ...more, stream: true }))
            text += event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : '';
        same(text, scenario.text.expected);
    }

    async turn(site, ability, messages, streams, more) {
        const message = await this.answer(site, ability, messages, streams, more);
        messages.push({ role: 'assistant', content: message.content });
        const calls = message.content.filter((block) => block.type === 'tool_use');
        same(message.stop_reason, calls.length ? 'tool_use' : 'end_turn', 'stop_reason');
        return [message, calls];
    }

    async tools(site, ability = 'tools', more = {}) {
        const { chain } = scenario;
        const messages = [{ role: 'user', content: chain.ask }];
        const asked = [];
        let message, calls;
        for (let number = 0; number < 4; ++number) {
            [message, calls] = await this.turn(site, ability, messages, number % 2 === 0, { tools: [lookup], ...more });
            if (!calls.length) break;
            asked.push(...calls.map((call) => call.input.key));
            messages.push({ role: 'user', content: calls.map((call) => ({ type: 'tool_result', tool_use_id: call.id, content: JSON.stringify(chain.results[call.input.key]) })) });
        }
        same(asked, chain.keys, 'the keys that were looked up');
        same(textOf(message), chain.expected);
    }

    async parallel(site) {
        for (const streams of [false, true]) {
            const messages = [{ role: 'user', content: scenario.weather.ask }];
            const [, calls] = await this.turn(site, 'tools', messages, streams, { tools: [weather] });
            same(calls.map((call) => call.input.city), Object.keys(scenario.weather.degrees), 'the cities that were asked for');
            const results = [...calls].reverse().map((call) => ({ type: 'tool_result', tool_use_id: call.id, content: JSON.stringify({ degrees: scenario.weather.degrees[call.input.city] }) }));
            messages.push({ role: 'user', content: results });
            same(textOf((await this.turn(site, 'tools', messages, streams, { tools: [weather] }))[0]), scenario.weather.expected);
        }
    }

    async vision(site) {
        const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: scenario.picture.png } };
        same(textOf(await this.answer(site, 'vision', [{ role: 'user', content: [{ type: 'text', text: scenario.picture.ask }, image] }], false)), scenario.picture.expected);
    }

    async schema(site) {
        const message = await this.client.messages.parse({ model: `${site.name}-schema`, max_tokens: 2000, messages: [{ role: 'user', content: scenario.person.ask }], output_config: { format: zodOutputFormat(Person) } });
        same(message.parsed_output, scenario.person.expected);
    }

    async reasoning(site) {
        for (const streams of [false, true]) {
            const message = await this.answer(site, 'reasoning', [{ role: 'user', content: scenario.text.first }], streams, { thinking });
            const thought = message.content.find((block) => block.type === 'thinking')?.thinking;
            if (!site.hides_thought) same(thought?.startsWith(scenario.thought), true, `that the thought (${thought}) begins as it should`);
        }
        if (site.able.tools) await this.tools(site, 'reasoning', { thinking });
    }

    async errors(site) {
        const ask = (model, content = 'Hello', stream = false) => this.client.messages.create({ model: `${site.name}${model}`, max_tokens: 100, messages: [{ role: 'user', content }], stream });
        await raises(() => ask('-chat', scenario.long), Anthropic.BadRequestError, 400, 'prompt is too long');
        await raises(() => ask('-chat', scenario.long, true), Anthropic.BadRequestError, 400, 'prompt is too long');
        if (!site.serves_any_model) await raises(() => ask('/no-such-model'), Anthropic.NotFoundError, 404, 'not_found_error');
        await raises(() => ask('-badkey'), Anthropic.InternalServerError, 502, 'api_error');
        if (site.limits) await raises(() => ask('-limited'), Anthropic.RateLimitError, 429, 'rate_limit_error');
    }

    async count(site) {
        const { input_tokens: counted } = await this.client.messages.countTokens({ model: `${site.name}-tools`, messages: [{ role: 'user', content: 'Hello '.repeat(50) }], tools: [lookup] });
        same(counted > 20 && counted < 400, true, `that ${counted} is a likely number of tokens`);
    }
}

await run(new Messages());
