// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/analyzers.h"

#include "gateway/privacy/analyzer_text.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace gateway::pipeline {

namespace {

constexpr Duration patience = std::chrono::seconds {5};
constexpr std::size_t largestAnswer = 8 * 1024 * 1024;
constexpr std::size_t textsTogether = 64 * 1024; ///< bytes of one question; a longer text has one for itself
constexpr std::string_view between = "\n\n";     ///< texts: no entity goes over it

/// Texts that go into one question.
struct Batch
{
    std::string text;
    std::vector<std::pair<std::size_t, std::size_t>> begins; ///< which text begins where
};

std::vector<Batch> batchesOf(const std::vector<std::string> &texts)
{
    std::vector<Batch> batches;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (texts[i].empty())
            continue;
        if (batches.empty() || batches.back().text.size() + texts[i].size() > textsTogether)
            batches.emplace_back();
        Batch &batch = batches.back();
        if (!batch.text.empty())
            batch.text += between;
        batch.begins.emplace_back(i, batch.text.size());
        batch.text += texts[i];
    }
    return batches;
}

/// Hits in a batch as hits in its texts; what goes over an end is cut there.
void share(const Batch &batch, const std::vector<privacy::Hit> &hits, const std::vector<std::string> &texts, std::vector<std::vector<privacy::Hit>> &into)
{
    for (const privacy::Hit &hit : hits) {
        for (const auto &[text, begin] : batch.begins) {
            const std::size_t from = std::max(hit.from, begin), to = std::min(hit.to, begin + texts[text].size());
            if (from < to)
                into[text].push_back({from - begin, to - begin, hit.rule, hit.score});
        }
    }
}

Task<Result<std::vector<privacy::Hit>>> askOne(const AnalyzerAsk &ask, const privacy::ExternalDetector &detector, const SidePlace &place, const Batch &batch)
{
    const std::string body = privacy::analyzerRequest(detector, batch.text);
    const SideQuestion question {.body = body, .patience = patience, .largestAnswer = largestAnswer};
    const Result<std::string> answer = co_await askAside(ask, place, question);
    if (!answer)
        co_return std::unexpected(answer.error());
    co_return privacy::readAnalyzerAnswer(detector, batch.text, *answer);
}

/// All batches. Notes how it went.
Task<Result<>> askAll(const AnalyzerAsk &ask, const privacy::ExternalDetector &detector, const std::vector<Batch> &batches, const std::vector<std::string> &texts,
                      std::vector<std::vector<privacy::Hit>> &into)
{
    if (!ask.mayAsk(detector.url))
        co_return fail(ErrorCode::PolicyUnavailable, "it has failed several times in a row, and rests for a moment.");
    const Result<SidePlace> place = sidePlaceOf(detector.url, "/analyze", "analyzer", ask.gateway);
    if (!place)
        co_return std::unexpected(place.error());
    for (const Batch &batch : batches) {
        const Result<std::vector<privacy::Hit>> hits = co_await askOne(ask, detector, *place, batch);
        if (!hits) {
            ask.failed(detector.url);
            co_return std::unexpected(hits.error());
        }
        share(batch, *hits, texts, into);
    }
    ask.succeeded(detector.url);
    co_return Result<>();
}

} // namespace

Task<Result<std::vector<std::vector<privacy::Hit>>>> askAnalyzers(AnalyzerAsk ask, const privacy::Policy &policy, const std::vector<std::string> &texts)
{
    std::vector<std::vector<privacy::Hit>> hits(texts.size());
    const std::vector<Batch> batches = policy.external().empty() ? std::vector<Batch>() : batchesOf(texts);
    if (batches.empty())
        co_return hits;
    for (const privacy::ExternalDetector &detector : policy.external()) {
        const Result<> asked = co_await askAll(ask, detector, batches, texts, hits);
        if (asked)
            continue;
        if (ask.cancel.cancelled())
            co_return fail(ErrorCode::Cancelled, "The caller left.");
        if (detector.onFailure == config::OnFailure::Block)
            co_return fail(ErrorCode::PolicyUnavailable,
                           fmt::format("The privacy policy \"{}\" asks the external detector \"{}\", which does not answer, and lets no call through without it: {}", policy.name(), detector.name, asked.error().message));
    }
    co_return hits;
}

} // namespace gateway::pipeline
