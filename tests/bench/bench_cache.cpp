// SPDX-License-Identifier: GPL-3.0-or-later
// What the cache costs a call: the key and an exact hit beside the scan that a call pays anyway, and a look-up by likeness
// over 100,000 questions. Prints the median of rounds with the least and the most; what is wanted stands beside it.
#include "gateway/stages/cache/cache_key.h"
#include "gateway/stages/cache/semantic_question.h"
#include "gateway/state/answer_memory.h"
#include "gateway/state/lexical_vector.h"
#include "gateway/state/semantic_index.h"
#include "gateway/wire/request_scan.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <future>
#include <random>
#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::state;

namespace {

constexpr int rounds = 9;

template <typename Work>
double measure(const char *name, int calls, double wantedUs, const Work &work)
{
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        const auto from = std::chrono::steady_clock::now();
        for (int call = 0; call < calls; ++call)
            work(call);
        times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - from).count() / calls);
    }
    std::ranges::sort(times);
    std::printf("%-58s %9.2f us  (%.2f to %.2f)", name, times[rounds / 2], times.front(), times.back());
    if (wantedUs > 0)
        std::printf(", wanted <= %.0f", wantedUs);
    std::printf("\n");
    return times[rounds / 2];
}

std::string bodyOf(std::size_t size)
{
    std::string body = R"({"model":"gpt-4o","temperature":0.2,"stream":true,"messages":[{"role":"system","content":"You are a helpful assistant."})";
    for (int turn = 0; body.size() + 120 < size; ++turn)
        body += R"(,{"role":")" + std::string(turn % 2 == 0 ? "user" : "assistant") + R"(","content":"Turn )" + std::to_string(turn) + R"( of a conversation with \"quotes\" and some words in it."})";
    return body + R"(,{"role":"user","content":"How tall is it?"}],"max_tokens":256})";
}

void measureHits(const KeyHasher &hasher, std::size_t size)
{
    const std::string body = bodyOf(size);
    const SystemClock clock;
    AnswerMemory store({}, clock);
    stages::CacheKeys keys(hasher);
    const stages::CacheScope scope {.tenant = "team search", .route = "route_1"};
    CachedAnswer made;
    made.body = std::string(1200, 'a');
    made.expiresAt = clock.wallNow() + std::chrono::hours {1};
    store.put(keys.keyOf(scope, body).value(), std::make_shared<const CachedAnswer>(std::move(made)));
    const int calls = static_cast<int>(std::clamp<std::size_t>(20'000'000 / body.size(), 50, 20'000));
    std::size_t found = 0;
    std::printf("\nA body of %zu bytes\n", body.size());
    measure("  the scan alone", calls, 0, [&](int) { found += wire::scanRequest(body, Endpoint::ChatCompletions)->members.size(); });
    measure("  exact hit: key, look-up, copy of the answer", calls, size <= 4096 ? 15 : 0, [&](int) {
        const SharedAnswer answer = store.findNow(keys.keyOf(scope, body).value());
        const std::string sent = answer->body;
        found += sent.size();
    });
    if (found == 0)
        std::printf("nothing was found\n");
}

void measureLikeness()
{
    constexpr std::size_t entries = 100'000;
    SemanticIndex index(lexicalDimensions, {.entries = entries, .changes = entries});
    const AnswerKey scope {};
    std::mt19937 chance(1);
    const std::vector<std::string> words {"tower", "river", "engine", "invoice", "contract", "planet", "recipe", "garden", "python", "compiler", "bicycle", "insurance", "holiday", "museum", "battery", "protein"};
    const auto question = [&](std::size_t number) {
        std::string text = "Question " + std::to_string(number) + " about";
        for (int i = 0; i < 6; ++i)
            text += " " + words[chance() % words.size()] + std::to_string(chance() % 50);
        return text;
    };
    std::vector<std::string> asked;
    const auto from = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < entries; ++i) {
        std::string text = question(i);
        AnswerKey key {};
        std::copy_n(reinterpret_cast<const std::byte *>(&i), sizeof i, key.begin());
        index.add(scope, lexicalVector(text), key);
        if (i % 100 == 0)
            asked.push_back(std::move(text));
    }
    std::promise<void> done;
    index.settled([&] { done.set_value(); });
    done.get_future().wait();
    std::printf("\nQuestions: %zu, of one scope; put into the graph in %.1f s\n", index.state().entries, std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count());
    std::size_t found = 0;
    measure("  lexical vector of a question", 1000, 0, [&](int call) { found += lexicalVector(asked[static_cast<std::size_t>(call) % asked.size()]).size(); });
    found = 0;
    std::vector<std::vector<float>> vectors;
    for (const std::string &text : asked)
        vectors.push_back(lexicalVector(text));
    measure("  look-up by likeness, posted and awaited", 1000, 1000, [&](int call) {
        std::promise<bool> match;
        index.find(scope, vectors[static_cast<std::size_t>(call) % vectors.size()], 0.99, [&](const std::optional<SemanticIndex::Match> &there) { match.set_value(there.has_value()); });
        found += match.get_future().get() ? 1 : 0;
    });
    std::printf("  found of those that are there: %.1f %%\n", static_cast<double>(found) * 100 / (1000.0 * rounds));
}

} // namespace

int main()
{
    const KeyHasher hasher(KeyHasher::Key {std::byte {1}});
    for (const std::size_t size : {1024, 4096, 100'000})
        measureHits(hasher, size);
    measureLikeness();
    return 0;
}
