// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/embeddings_answer.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/providers/embeddings_translation.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/wire/embeddings/openai_answer.h"
#include "gateway/wire/embeddings/request.h"

namespace gateway::stages {

std::expected<std::string, AttemptEnd> embeddingsAnswer(const pipeline::Exchange &x, AttemptBook &book, std::span<const std::string_view> bodies, int httpStatus)
{
    const pipeline::CompiledProvider &provider = book.provider();
    const auto request = wire::embeddings::readEmbeddingsRequest(x.scan.body);
    if (!request)
        return std::unexpected(failedBy(request.error(), provider.name, httpStatus));
    const auto answer = providers::readEmbeddings(*provider.site, bodies, request->texts.size());
    if (!answer)
        return std::unexpected(failedBy(answer.error(), provider.name, httpStatus));
    if (!answer->error.empty())
        return std::unexpected(failedBy(wire::classifyErrorObject(answer->error.raw, x.worker.clock.wallNow(), provider.secrets), provider.name));
    const TokenUsage usage = wire::embeddings::usageOf(*answer, *request);
    book.use(usage);
    return wire::embeddings::openAiEmbeddings(*answer, {.model = x.scan.model, .encoding = request->encoding, .usage = usage, .cost = x.cost()});
}

} // namespace gateway::stages
