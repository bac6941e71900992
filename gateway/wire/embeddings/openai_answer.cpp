// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/embeddings/openai_answer.h"

#include "gateway/wire/embeddings/float_codec.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/usage.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace gateway::wire::embeddings {
namespace {

/// An array of numbers, which hold no white space themselves. Most are sent without any.
void appendCompact(std::string_view array, std::string &out)
{
    constexpr std::string_view space = " \n\r\t";
    if (std::ranges::none_of(space, [&](char c) { return array.find(c) != std::string_view::npos; }))
        out += array;
    else
        std::ranges::copy_if(array, std::back_inserter(out), [](char c) { return c > ' '; });
}

void appendVector(Json vector, Encoding encoding, std::string &out)
{
    const bool isBase64 = vector.raw.starts_with('"');
    if (encoding == Encoding::Float && isBase64)
        appendFloats(vector.raw.substr(1, vector.raw.size() - 2), out);
    else if (encoding == Encoding::Float)
        appendCompact(vector.raw, out);
    else if (isBase64)
        out += vector.raw;
    else
        appendBase64(vector.raw, out);
}

} // namespace

TokenUsage usageOf(const EmbeddingsAnswer &answer, const EmbeddingsRequest &request)
{
    return answer.usage ? *answer.usage : TokenUsage {.input = estimateTokens(request), .estimated = true};
}

std::string openAiEmbeddings(const EmbeddingsAnswer &answer, const AnswerForm &form)
{
    std::string out;
    std::size_t size = 256;
    for (const Json vector : answer.vectors)
        size += vector.raw.size() + 64;
    out.reserve(size);
    out += R"({"object":"list","data":[)";
    for (std::size_t i = 0; i < answer.vectors.size(); ++i) {
        fmt::format_to(std::back_inserter(out), R"({}{{"object":"embedding","index":{},"embedding":)", i == 0 ? "" : ",", i);
        appendVector(answer.vectors[i], form.encoding, out);
        out += '}';
    }
    out += "],";
    const std::string usage = fmt::format(R"({{"prompt_tokens":{},"total_tokens":{}}})", form.usage.input, form.usage.total());
    std::string rest;
    JsonWriter(rest).textMember("model", form.model);
    out.append(rest).append(R"(,"usage":)").append(form.cost ? withCost(usage, *form.cost) : usage).append("}");
    return out;
}

} // namespace gateway::wire::embeddings
