// SPDX-License-Identifier: GPL-3.0-or-later
// Requests for embeddings into every provider's form, and providers' answers into OpenAI's, with floats and with base64.
// What was JSON stays JSON, and vectors that went through base64 are the same floats. The first byte chooses what the rest
// is.
#include "gateway/wire/embeddings/openai_answer.h"
#include "gateway/wire/embeddings/request_writers.h"
#include "tests/fuzz/pieces.h"

#include <nlohmann/json.hpp>

using namespace gateway;
using namespace gateway::wire::embeddings;
using fuzz::require;
using nlohmann::json;

namespace {

void request(std::string_view body)
{
    const auto read = readEmbeddingsRequest(body);
    if (!read) {
        require(!read.error().message.empty(), "a refusal has words");
        return;
    }
    require(read->tokenIds == read->texts.empty(), "it asks for texts, or for token ids");
    const bool valid = json::accept(body);
    const WriteOptions options {.model = "m"};
    for (const auto &written : {writeCohere(*read, options), writeGemini(*read, options), writeVertex(*read, options), writeMistral(*read, options), writeOllama(*read, options),
                                writeTitan(*read, read->texts.size() / 2)}) {
        require(written || written.error().where == "input", "only `input` can be too much");
        require(!written || !valid || json::accept(written->body), "a provider's body is JSON");
    }
}

Result<EmbeddingsAnswer> read(std::uint8_t form, std::string_view body, std::size_t texts)
{
    switch (form % 6) {
    case 0: return readCohere(body, texts);
    case 1: return readGemini(body, texts);
    case 2: return readVertex(body, texts);
    case 3: return readOllama(body, texts);
    case 4: return readOpenAi(body, texts);
    default: return joinTitan(std::span(&body, 1));
    }
}

void answer(std::uint8_t form, std::string_view body, std::size_t texts)
{
    const auto found = read(form, body, texts);
    if (!found || !found->error.empty())
        return;
    require(form % 6 == 5 || found->vectors.size() == texts, "there is a vector for each text");
    const std::string floats = openAiEmbeddings(*found, {.model = "m", .usage = found->usage.value_or(TokenUsage {})});
    const std::string base64 = openAiEmbeddings(*found, {.model = "m", .encoding = Encoding::Base64});
    require(!json::accept(body) || json::accept(floats), "floats are JSON");
    if (form % 6 == 4)
        return; // its base64 passes as it came
    require(json::accept(base64), "base64 is JSON");
    const auto again = readOpenAi(base64, found->vectors.size());
    require(again.has_value(), "what is written is read");
    const std::string decoded = openAiEmbeddings(*again, {.model = "m"});
    const auto numbers = readOpenAi(decoded, found->vectors.size());
    if (numbers) // else one of them is beyond a float, and has no digits
        fuzz::mustAgree(base64, openAiEmbeddings(*numbers, {.model = "m", .encoding = Encoding::Base64}));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::string bytes(reinterpret_cast<const char *>(data + 2), size - 2);
    if (data[0] % 7 == 6)
        request(bytes);
    else
        answer(data[0] % 7, bytes, data[1] % 4);
    return 0;
}
