// SPDX-License-Identifier: GPL-3.0-or-later
// Runs one SDK's cells against every site, as python/cells.py does: a driver is a class, whose methods are the cells.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export const need = createRequire(process.env.MATRIX_NODE); // the SDKs lie elsewhere
export const scenario = JSON.parse(readFileSync(process.env.MATRIX_SCENARIO, 'utf8'));
export const { url, key } = scenario;

const cells = ['text', 'stream', 'tools', 'parallel', 'vision', 'schema', 'reasoning', 'errors', 'embeddings', 'count'];
const only = (name) => new Set((process.env[name] ?? '').split(',').filter(Boolean));
const [onlySites, onlyCells] = [only('MATRIX_SITES'), only('MATRIX_CELLS')];

let seen = []; // headers of the answers since the cell began

export async function watchedFetch(...request) {
    const response = await fetch(...request);
    seen.push(response.headers);
    return response;
}

export function same(actual, expected, what = 'the answer') {
    assert.deepEqual(actual, expected, `${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
}

const { z } = need('zod');

export const Person = z.object({
    name: z.string(),
    age: z.number().int().min(0).max(150),
    height: z.number(),
    member: z.boolean(),
    role: z.enum(['admin', 'guest']),
    tags: z.array(z.string()),
    address: z.object({ city: z.string(), zip: z.string().nullable() }),
});

async function runCell(driver, site, name) {
    seen = [];
    const result = { site: site.name, cell: name, outcome: 'passed', words: '' };
    try {
        await driver[name](site);
    } catch (error) {
        const own = (error.stack ?? '').split('\n').filter((line) => line.includes('matrix/node/') && !line.includes('cells.mjs')).map((line) => line.match(/[\w-]+\.mjs:\d+/)?.[0]);
        Object.assign(result, { outcome: driver.refuses(error) ? 'refused' : 'wrong', words: `${error.name} at ${own[0] ?? '?'}: ${error.message}` });
    }
    const dropped = new Set(seen.flatMap((headers) => (headers.get('x-signalbox-dropped') ?? '').split(',')).map((word) => word.trim()).filter(Boolean));
    return { ...result, dropped: [...dropped].sort(), estimated: seen.some((headers) => headers.has('x-signalbox-estimated')) };
}

export async function run(...drivers) {
    for (const driver of drivers) {
        for (const site of scenario.sites) {
            for (const name of cells) {
                if (driver[name] && (!onlySites.size || onlySites.has(site.name)) && (!onlyCells.size || onlyCells.has(name)))
                    console.log(JSON.stringify({ sdk: driver.sdk, format: driver.format, ...(await runCell(driver, site, name)) }));
            }
        }
    }
}

/// The call must raise that class with that status, and tell these words but no secret.
export async function raises(call, kind, status, ...words) {
    let raised;
    try {
        await call();
    } catch (error) {
        raised = error;
    }
    assert.ok(raised, `nothing was raised, where ${kind.name} should have been`);
    assert.ok(raised instanceof kind, `${raised.constructor.name} was raised, not ${kind.name}: ${raised.message}`);
    const told = `${raised.message} ${JSON.stringify(raised.error ?? raised.responseBody ?? '')}`;
    assert.equal(raised.status ?? raised.statusCode, status, `the status is ${raised.status ?? raised.statusCode}: ${told}`);
    for (const word of words)
        assert.ok(told.toLowerCase().includes(word.toLowerCase()), `${raised.constructor.name} does not say ${word}: ${told}`);
    assert.ok(!told.includes('native-provider') && !told.includes(key), `a key is told: ${told}`);
}
