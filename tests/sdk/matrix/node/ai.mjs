// SPDX-License-Identifier: GPL-3.0-or-later
// ai for Node, with its providers for OpenAI (chat and Responses) and Anthropic.
import { key, need, Person, raises, run, same, scenario, url, watchedFetch } from './cells.mjs';

const { APICallError, embedMany, generateText, jsonSchema, Output, stepCountIs, streamText, tool } = need('ai');
const { createAnthropic } = need('@ai-sdk/anthropic');
const { createOpenAI } = need('@ai-sdk/openai');

globalThis.AI_SDK_LOG_WARNINGS = false;

const input = (name) => jsonSchema({ type: 'object', properties: { [name]: { type: 'string' } }, required: [name], additionalProperties: false });

class Ai {
    refuses = (error) => APICallError.isInstance(error) || APICallError.isInstance(error.lastError);
    options = {}; // that make a model think

    /// Text, steps and more of an answer, whole or streamed.
    async answer(site, ability, asked, streams) {
        const all = { model: this.model(`${site.name}-${ability}`), maxRetries: 0, maxOutputTokens: 3000, ...asked };
        if (!streams) return generateText(all);
        let failure;
        const stream = streamText({ ...all, onError: ({ error }) => { failure = error; } });
        await stream.consumeStream();
        if (failure) throw failure;
        return { text: await stream.text, steps: await stream.steps, output: asked.output ? await stream.output : undefined, usage: await stream.totalUsage, reasoningText: await stream.reasoningText, finishReason: await stream.finishReason };
    }

    conversation() {
        const told = scenario.text;
        return { system: told.system, messages: [{ role: 'user', content: told.first }, { role: 'assistant', content: told.noted }, { role: 'user', content: told.ask }] };
    }

    checked(answer) {
        same(answer.text, scenario.text.expected);
        same(answer.finishReason, 'stop', 'finishReason');
        same(answer.usage.inputTokens > 0 && answer.usage.outputTokens > 0, true, `that usage (${JSON.stringify(answer.usage)}) counts`);
    }

    text = async (site) => this.checked(await this.answer(site, 'chat', { ...this.conversation(), temperature: 0.5 }, false));
    stream = async (site) => this.checked(await this.answer(site, 'chat', this.conversation(), true));

    async tools(site, ability = 'tools', more = {}) {
        const { chain } = scenario;
        for (const streams of [false, true]) {
            const asked = [];
            const lookup = tool({ description: 'Looks a key up.', inputSchema: input('key'), execute: ({ key: name }) => (asked.push(name), chain.results[name]) });
            const answer = await this.answer(site, ability, { prompt: chain.ask, tools: { lookup }, stopWhen: stepCountIs(5), ...more }, streams);
            same(asked, chain.keys, 'the keys that were looked up');
            same(answer.text, chain.expected);
        }
    }

    async parallel(site) {
        for (const streams of [false, true]) {
            const weather = tool({ description: 'The weather of a city.', inputSchema: input('city'), execute: ({ city }) => ({ degrees: scenario.weather.degrees[city] }) });
            const answer = await this.answer(site, 'tools', { prompt: scenario.weather.ask, tools: { get_weather: weather }, stopWhen: stepCountIs(3) }, streams);
            same(answer.text, scenario.weather.expected);
            same(answer.steps[0].toolCalls.length, 3, 'the number of calls at once');
        }
    }

    async vision(site) {
        const content = [{ type: 'text', text: scenario.picture.ask }, { type: 'image', image: Buffer.from(scenario.picture.png, 'base64'), mediaType: 'image/png' }];
        same((await this.answer(site, 'vision', { messages: [{ role: 'user', content }] }, false)).text, scenario.picture.expected);
    }

    async schema(site) {
        for (const streams of [false, true])
            same((await this.answer(site, 'schema', { prompt: scenario.person.ask, output: Output.object({ schema: Person }) }, streams)).output, scenario.person.expected);
    }

    async reasoning(site) {
        const answer = await this.answer(site, 'reasoning', { ...this.conversation(), providerOptions: this.options }, true);
        same(answer.text, scenario.text.expected);
        if (this.showsThought(site)) same(answer.reasoningText?.startsWith('They said'), true, `that the thought (${answer.reasoningText}) begins as it should`);
        if (site.able.tools) await this.tools(site, 'reasoning', { providerOptions: this.options });
    }

    async errors(site) {
        const ask = (model, prompt = 'Hello', streams = false) => this.answer({ name: site.name + model }, 'chat', { prompt, model: this.model(site.name + model) }, streams);
        await raises(() => ask('-chat', scenario.long), APICallError, 400, ...this.tooLong);
        await raises(() => ask('-chat', scenario.long, true), APICallError, 400, ...this.tooLong);
        if (!site.serves_any_model) await raises(() => ask('/no-such-model'), APICallError, 404);
        await raises(() => ask('-badkey'), APICallError, 502);
        if (site.limits) await raises(() => ask('-limited'), APICallError, 429);
    }
}

const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey: key, fetch: watchedFetch });
const anthropic = createAnthropic({ baseURL: `${url}/v1`, apiKey: key, fetch: watchedFetch });

class Chat extends Ai {
    sdk = 'ai, @ai-sdk/openai (Node)';
    format = 'OpenAI Chat';
    model = (name) => openai.chat(name);
    options = { openai: { reasoningEffort: 'low', forceReasoning: true } };
    tooLong = ['context_length_exceeded'];
    showsThought = () => false; // this provider knows no thoughts in chat

    async embeddings(site) {
        const values = scenario.embeddings.texts.slice(0, site.texts_at_once);
        same((await embedMany({ model: openai.embedding(`${site.name}-embeddings`), values, maxRetries: 0 })).embeddings, scenario.embeddings.vectors.slice(0, values.length));
    }
}

class Responses extends Ai {
    sdk = 'ai, @ai-sdk/openai (Node)';
    format = 'OpenAI Responses';
    model = (name) => openai.responses(name);
    options = { openai: { reasoningEffort: 'low', reasoningSummary: 'auto', forceReasoning: true, store: false } };
    tooLong = ['context_length_exceeded'];
    showsThought = () => true;
}

class Messages extends Ai {
    sdk = 'ai, @ai-sdk/anthropic (Node)';
    format = 'Anthropic Messages';
    model = (name) => anthropic(name);
    options = { anthropic: { thinking: { type: 'enabled', budgetTokens: 1024 } } };
    tooLong = ['prompt is too long'];
    showsThought = (site) => !site.hides_thought;
}

await run(new Chat(), new Responses(), new Messages());
