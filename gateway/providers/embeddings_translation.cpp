// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/embeddings_translation.h"

#include "gateway/wire/embeddings/request.h"
#include "gateway/wire/embeddings/request_writers.h"

#include <fmt/format.h>
#include <utility>

namespace gateway::providers {
namespace {

using namespace wire::embeddings;

enum class Form : std::uint8_t { OpenAi, Mistral, Gemini, Vertex, Titan, Cohere, Ollama };

Form formOf(const ProviderSite &site)
{
    switch (site.kind().format) {
    case wire::WireFormat::Gemini: return site.kind().auth == Auth::GoogleToken ? Form::Vertex : Form::Gemini;
    case wire::WireFormat::BedrockConverse: return Form::Titan;
    case wire::WireFormat::CohereV2: return Form::Cohere;
    case wire::WireFormat::OllamaChat: return Form::Ollama;
    case wire::WireFormat::OpenAiChat:
    case wire::WireFormat::OpenAiResponses:
    case wire::WireFormat::Anthropic: break;
    }
    return site.kind().dialect.fix == RequestFix::Mistral ? Form::Mistral : Form::OpenAi;
}

Result<WrittenRequest> write(Form form, const EmbeddingsRequest &request, std::string_view model)
{
    const WriteOptions options {.model = model};
    switch (form) {
    case Form::Mistral: return writeMistral(request, options);
    case Form::Gemini: return writeGemini(request, options);
    case Form::Vertex: return writeVertex(request, options);
    case Form::Cohere: return writeCohere(request, options);
    case Form::Ollama: return writeOllama(request, options);
    case Form::Titan: return writeTitan(request, 0);
    case Form::OpenAi: break;
    }
    return fail(ErrorCode::NotSupported, "it has embeddings in OpenAI's form.");
}

/// Of a request whose first text could be written.
void addOtherTexts(const EmbeddingsRequest &request, EncodedRequest &encoded)
{
    encoded.calls = request.texts.size();
    for (std::size_t text = 1; text < request.texts.size(); ++text)
        encoded.otherBodies.push_back(std::move(writeTitan(request, text)->body));
}

} // namespace

bool embedsAsOpenAi(const ProviderSite &site)
{
    return formOf(site) == Form::OpenAi;
}

Result<EncodedRequest> translateEmbeddings(const ProviderSite &site, const wire::RequestScan &scan, const TargetOptions &target)
{
    const auto request = readEmbeddingsRequest(scan.body);
    if (!request)
        return std::unexpected(request.error());
    auto written = write(formOf(site), *request, target.model);
    if (!written)
        return std::unexpected(std::move(written.error()));
    if (target.unsupported == config::Unsupported::Reject && !written->losses.empty())
        return fail(ErrorCode::BadRequest, fmt::format("{} does not take \"{}\" ({}), and the route refuses what its target does not take.", site.kind().title,
                                                       written->losses.front().what, written->losses.front().why), written->losses.front().what);
    EncodedRequest encoded;
    encoded.made = std::make_unique<const std::string>(std::move(written->body));
    encoded.body = {.pieces = {*encoded.made}, .size = encoded.made->size()};
    for (const Loss &loss : written->losses)
        encoded.dropped.push_back(loss.what);
    encoded.losses = std::move(written->losses);
    if (formOf(site) == Form::Titan)
        addOtherTexts(*request, encoded);
    return encoded;
}

Result<EmbeddingsAnswer> readEmbeddings(const ProviderSite &site, std::span<const std::string_view> bodies, std::size_t texts)
{
    const std::string_view body = bodies.front();
    switch (formOf(site)) {
    case Form::Gemini: return readGemini(body, texts);
    case Form::Vertex: return readVertex(body, texts);
    case Form::Cohere: return readCohere(body, texts);
    case Form::Ollama: return readOllama(body, texts);
    case Form::Titan: return joinTitan(bodies);
    case Form::Mistral:
    case Form::OpenAi: break;
    }
    return readOpenAi(body, texts);
}

} // namespace gateway::providers
