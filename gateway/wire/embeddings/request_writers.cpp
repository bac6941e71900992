// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/embeddings/request_writers.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/tell_loss.h"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <utility>

namespace gateway::wire::embeddings {
namespace {

constexpr std::size_t noLimit = std::numeric_limits<std::size_t>::max();

Result<void> check(const EmbeddingsRequest &request, std::string_view provider, std::size_t most)
{
    if (request.tokenIds)
        return fail(ErrorCode::BadRequest, fmt::format("input holds token ids, and {} reads texts alone.", provider), "input");
    if (request.texts.size() > most)
        return fail(ErrorCode::BadRequest, fmt::format("input holds {} texts, and {} takes {} a call.", request.texts.size(), provider, most), "input");
    return {};
}

void loseOthers(const EmbeddingsRequest &request, WrittenRequest &written)
{
    constexpr std::string_view why = "the provider has no such parameter";
    if (!request.user.empty())
        tellLoss(written.losses, "user", why);
    for (const std::string &name : request.unknown)
        tellLoss(written.losses, name, why);
}

/// A body with room for all its texts, and what every provider loses.
WrittenRequest begin(const EmbeddingsRequest &request)
{
    WrittenRequest written;
    std::size_t size = 256;
    for (const Chars text : request.texts)
        size += text.raw.size() + 100; // the most that stands around one: Gemini's
    written.body.reserve(size);
    loseOthers(request, written);
    return written;
}

void loseInputType(const EmbeddingsRequest &request, WrittenRequest &written)
{
    if (!request.inputType.empty())
        tellLoss(written.losses, "input_type", "the provider has no such parameter");
}

void writeTexts(JsonWriter &json, std::string_view name, const EmbeddingsRequest &request)
{
    json.array(name);
    for (const Chars text : request.texts)
        json.value(text);
    json.endArray();
}

void writeInput(JsonWriter &json, const EmbeddingsRequest &request)
{
    if (request.single)
        json.member("input", request.texts.front());
    else
        writeTexts(json, "input", request);
}

void writeDimensions(JsonWriter &json, std::string_view name, const EmbeddingsRequest &request)
{
    if (request.dimensions)
        json.member(name, *request.dimensions);
}

/// Model and texts as OpenAI's, the size by another name, and nothing else.
Result<WrittenRequest> writePlain(const EmbeddingsRequest &request, const WriteOptions &options, std::string_view provider, std::string_view dimensions)
{
    if (auto good = check(request, provider, noLimit); !good)
        return std::unexpected(std::move(good.error()));
    WrittenRequest written = begin(request);
    loseInputType(request, written);
    JsonWriter json(written.body);
    json.object().textMember("model", options.model);
    writeInput(json, request);
    writeDimensions(json, dimensions, request);
    json.endObject();
    return written;
}

/// Google's word for Cohere's; empty: the caller said none, or one that Google does not know, which is told.
std::string_view taskType(const EmbeddingsRequest &request, WrittenRequest &written)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> words {{{"search_document", "RETRIEVAL_DOCUMENT"}, {"search_query", "RETRIEVAL_QUERY"},
                                                                                   {"classification", "CLASSIFICATION"}, {"clustering", "CLUSTERING"}}};
    for (const auto &[cohere, google] : words)
        if (request.inputType.raw == cohere)
            return google;
    loseInputType(request, written);
    return {};
}

} // namespace

Result<WrittenRequest> writeCohere(const EmbeddingsRequest &request, const WriteOptions &options)
{
    if (auto good = check(request, "cohere", 96); !good)
        return std::unexpected(std::move(good.error()));
    WrittenRequest written = begin(request);
    JsonWriter json(written.body);
    json.object().textMember("model", options.model).key("input_type");
    request.inputType.empty() ? json.text(options.inputType) : json.value(request.inputType);
    json.array("embedding_types").text("float").endArray();
    writeDimensions(json, "output_dimension", request);
    writeTexts(json, "texts", request);
    json.endObject();
    return written;
}

Result<WrittenRequest> writeGemini(const EmbeddingsRequest &request, const WriteOptions &options)
{
    if (auto good = check(request, "gemini", 100); !good)
        return std::unexpected(std::move(good.error()));
    WrittenRequest written = begin(request);
    const std::string_view task = taskType(request, written);
    const std::string model = options.model.starts_with("models/") ? std::string(options.model) : fmt::format("models/{}", options.model);
    JsonWriter json(written.body);
    json.object().array("requests");
    for (const Chars text : request.texts) {
        json.object().textMember("model", model).object("content").array("parts").object().member("text", text).endObject().endArray().endObject();
        if (!task.empty())
            json.textMember("taskType", task);
        writeDimensions(json, "outputDimensionality", request);
        json.endObject();
    }
    json.endArray().endObject();
    return written;
}

Result<WrittenRequest> writeVertex(const EmbeddingsRequest &request, const WriteOptions &options)
{
    const bool oneText = options.model.find("gemini-embedding") != std::string_view::npos;
    if (auto good = check(request, oneText ? options.model : "vertex", oneText ? 1 : 250); !good)
        return std::unexpected(std::move(good.error()));
    WrittenRequest written = begin(request);
    const std::string_view task = taskType(request, written);
    JsonWriter json(written.body);
    json.object().array("instances");
    for (const Chars text : request.texts) {
        json.object().member("content", text);
        if (!task.empty())
            json.textMember("task_type", task);
        json.endObject();
    }
    json.endArray();
    if (request.dimensions) {
        json.object("parameters");
        writeDimensions(json, "outputDimensionality", request);
        json.endObject();
    }
    json.endObject();
    return written;
}

Result<WrittenRequest> writeMistral(const EmbeddingsRequest &request, const WriteOptions &options)
{
    return writePlain(request, options, "mistral", "output_dimension");
}

Result<WrittenRequest> writeOllama(const EmbeddingsRequest &request, const WriteOptions &options)
{
    return writePlain(request, options, "ollama", "dimensions");
}

Result<WrittenRequest> writeTitan(const EmbeddingsRequest &request, std::size_t text)
{
    if (auto good = check(request, "titan", noLimit); !good)
        return std::unexpected(std::move(good.error()));
    WrittenRequest written;
    loseOthers(request, written);
    loseInputType(request, written);
    JsonWriter json(written.body);
    json.object().member("inputText", request.texts[text]);
    writeDimensions(json, "dimensions", request);
    json.member("normalize", true).endObject();
    return written;
}

} // namespace gateway::wire::embeddings
