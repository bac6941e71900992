// SPDX-License-Identifier: GPL-3.0-or-later
// What privacy costs a call: all built-in detectors over prompts, with prose and with many numbers; own rules; restoring.
// Prints microseconds of processor time a text, the median of rounds with the least and the most; what is wanted stands beside it (performance.md).
#include "gateway/privacy/answer_rewriter.h"
#include "gateway/privacy/answer_scanner.h"
#include "gateway/privacy/body_scrub.h"
#include "gateway/privacy/json_text.h"
#include "gateway/privacy/restorer.h"
#include "gateway/privacy/scrubber.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::privacy;

namespace {

constexpr int rounds = 15;

template <typename Work>
void measure(const char *name, std::size_t bytes, double wantedUs, const Work &work)
{
    const int calls = static_cast<int>(std::max<std::size_t>(3, 1'000'000 / bytes));
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        const std::clock_t from = std::clock(); // processor time: others may keep the machine busy
        for (int call = 0; call < calls; ++call)
            work();
        times.push_back(1e6 * static_cast<double>(std::clock() - from) / CLOCKS_PER_SEC / calls);
    }
    std::ranges::sort(times);
    std::printf("%-52s %8zu bytes %9.1f us  (%.1f to %.1f)", name, bytes, times[rounds / 2], times.front(), times.back());
    if (wantedUs > 0)
        std::printf(", wanted <= %.0f", wantedUs);
    std::printf("\n");
}

std::string repeated(std::string_view piece, std::size_t bytes)
{
    std::string out;
    while (out.size() < bytes)
        out += piece;
    return out.substr(0, bytes);
}

std::shared_ptr<const Policy> policyOf(std::vector<config::PrivacyRule> rules)
{
    auto policy = Policy::compile({{.name = "default", .rules = std::move(rules)}}, "default");
    if (!policy)
        std::abort();
    return *policy;
}

constexpr std::string_view prose = "Please summarise the notes of our meeting from 12 March: Anna (anna.smith@example.com) wants the numbers of 2023 and 2024 by Friday, because the customer in Berlin "
                                   "asked twice. The build 4.2.1 fails in test 17 of 230 with \"timeout after 30 s\"; call +49 30 1234567 if it is urgent. Costs were 1,234.50 EUR, and the order 4711-0815 "
                                   "is late.\nWe compare the plan with what was done, name the three largest risks, and say who does what until when. ";
constexpr std::string_view german = "Bitte fasse die Notizen unserer Besprechung zusammen: Frau M\u00fcller m\u00f6chte die Zahlen f\u00fcr 2023 und 2024 bis Freitag, weil der Kunde in K\u00f6ln zweimal nachgefragt hat. ";
constexpr std::string_view numbers = "12 13 14.5 17 99 1024 3 2023-11-05 18 4711 0815 22 23 24 100 200 300 ";

} // namespace

int main()
{
    std::vector<config::PrivacyRule> twenty;
    for (const char *name : {"email", "phone", "credit_card", "iban", "us_ssn", "us_itin", "uk_nino", "uk_nhs", "de_tax_id", "fr_nir", "es_dni", "es_nie", "it_codice_fiscale", "passport", "ip_address", "mac_address", "url_credentials",
                             "crypto_wallet", "api_key", "private_key"})
        twenty.push_back({.detect = name});
    Scanner scanner(policyOf(twenty));
    std::size_t found = 0;
    const auto scan = [&](Scanner &with, const std::string &text) { return [&] { found += with.scan(text).size(); }; };
    const std::string small = repeated(prose, 4096), large = repeated(prose, 102'400);
    measure("20 detectors, prose", small.size(), 60, scan(scanner, small));
    measure("20 detectors, prose", large.size(), 1500, scan(scanner, large));
    const std::string umlauts = repeated(german, 4096), table = repeated(numbers, 4096), largeTable = repeated(numbers, 102'400);
    measure("20 detectors, German prose", umlauts.size(), 60, scan(scanner, umlauts));
    measure("20 detectors, a table of numbers", table.size(), 0, scan(scanner, table));
    measure("20 detectors, a table of numbers", largeTable.size(), 0, scan(scanner, largeTable));

    Scanner all(policyOf({{.detect = "all"}}));
    measure("all 28 detectors, prose", small.size(), 0, scan(all, small));
    measure("all 28 detectors, prose", large.size(), 0, scan(all, large));

    std::vector<config::PrivacyRule> own {{.detect = "dictionary", .name = "words"}};
    for (int i = 0; i < 100'000; ++i)
        own[0].words.push_back("codename" + std::to_string(i * 7919));
    for (int i = 0; i < 50; ++i)
        own.push_back({.detect = "regex", .name = "r" + std::to_string(i), .pattern = "T" + std::to_string(i) + "K-[0-9]{6}"});
    Scanner ours(policyOf(own));
    measure("100,000 words and 50 patterns, prose", small.size(), 0, scan(ours, small));
    measure("100,000 words and 50 patterns, prose", large.size(), 0, scan(ours, large));

    const KeyHasher hasher {KeyHasher::Key {}};
    const auto policy = policyOf(twenty);
    measure("scrubbed", small.size(), 0, [&] {
        PlaceholderMap map;
        Scrubber scrubber(policy, hasher, map);
        std::vector<Edit> edits;
        (void)scrubber.scrub(small, TextForm::Plain, edits);
        found += edits.size();
    });
    for (const std::string &text : {small, large}) {
        const std::string request = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"" + jsonEscaped(text) + "\"}]}";
        measure("a chat's request scrubbed", request.size(), text.size() == small.size() ? 60 : 1500, [&] {
            PlaceholderMap map;
            Scrubber scrubber(policy, hasher, map);
            BodyScrub body(request, "application/json");
            (void)body.scrub(scrubber);
            found += body.result().size();
        });
    }
    PlaceholderMap map;
    Scrubber scrubber(policy, hasher, map);
    std::vector<Edit> edits;
    (void)scrubber.scrub(large, TextForm::Plain, edits);
    const std::string sent = edited(large, edits);
    measure("restored, in pieces of 20 bytes", sent.size(), 0, [&] {
        Restorer restorer(map);
        std::string out;
        for (std::size_t at = 0; at < sent.size(); at += 20)
            restorer.feed(std::string_view(sent).substr(at, 20), out);
        restorer.finish(out);
        found += out.size();
    });
    std::string stream;
    for (std::size_t at = 0; at < 4096; at += 20)
        stream += "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + jsonEscaped(std::string_view(sent).substr(at, 20)) + "\"},\"finish_reason\":null}]}\n\n";
    const auto shared = std::make_shared<PlaceholderMap>();
    (void)shared->placeholderOf("EMAIL", "anna.smith@example.com");
    measure("a chat's stream of 205 events restored", stream.size(), 0, [&] {
        RestoreChanges changes(shared);
        AnswerRewriter rewriter(changes);
        rewriter.begin("text/event-stream");
        std::string out;
        for (std::size_t at = 0; at < stream.size(); at += 500)
            (void)rewriter.piece(std::string_view(stream).substr(at, 500), out);
        (void)rewriter.finish(out);
        found += out.size();
    });
    measure("answer looked at, in pieces of 20 bytes", small.size(), 0, [&] {
        AnswerScanner answer(policy, hasher);
        std::string out;
        for (std::size_t at = 0; at < small.size(); at += 20)
            (void)answer.feed(std::string_view(small).substr(at, 20), out);
        (void)answer.finish(out);
        found += out.size();
    });
    return found > 0 ? 0 : 1;
}
