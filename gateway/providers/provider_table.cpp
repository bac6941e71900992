// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/provider_table.h"

#include <array>

namespace gateway::providers {
namespace {

// What providers do not take (wire.md section 3). Those that ignore what they do not know need no list.
constexpr std::array<std::string_view, 7> mistralDrops {"user", "logit_bias", "logprobs", "top_logprobs", "store", "service_tier", "metadata"};
constexpr std::array<std::string_view, 3> groqDrops {"logprobs", "logit_bias", "top_logprobs"};
constexpr std::array<std::string_view, 5> perplexityDrops {"tools", "tool_choice", "parallel_tool_calls", "logit_bias", "seed"};
constexpr std::array<std::string_view, 3> cerebrasDrops {"frequency_penalty", "presence_penalty", "logit_bias"};
constexpr std::array<std::string_view, 1> deepSeekDrops {"logit_bias"};

constexpr std::array mistralRenames {Rename {"seed", "random_seed"}, Rename {"max_completion_tokens", "max_tokens"}, Rename {"dimensions", "output_dimension"}};
// Kinds that know only the older name.
constexpr std::array olderMaxTokens {Rename {"max_completion_tokens", "max_tokens"}};

// What messages may hold where anything else is refused: a history may have been begun with another provider.
constexpr std::array<std::string_view, 9> openAiMessages {"role", "content", "name", "tool_calls", "tool_call_id", "function_call", "refusal", "audio", "annotations"};
constexpr std::array<std::string_view, 6> mistralMessages {"role", "content", "name", "tool_calls", "tool_call_id", "prefix"};
constexpr std::array<std::string_view, 7> groqMessages {"role", "content", "name", "tool_calls", "tool_call_id", "function_call", "reasoning"};
constexpr std::array<std::string_view, 6> cerebrasMessages {"role", "content", "name", "tool_calls", "tool_call_id", "reasoning"};

constexpr std::array groqClamps {Clamp {"temperature", 1e-8, 2}};
constexpr std::array perplexityClamps {Clamp {"temperature", 0, 1.99}};

constexpr std::array<std::string_view, 3> openAiKeys {"sk-proj-", "sk-svcacct-", "sk-"};
constexpr std::array<std::string_view, 1> groqKeys {"gsk_"};
constexpr std::array<std::string_view, 1> xaiKeys {"xai-"};
constexpr std::array<std::string_view, 1> openRouterKeys {"sk-or-"};
constexpr std::array<std::string_view, 1> perplexityKeys {"pplx-"};
constexpr std::array<std::string_view, 1> fireworksKeys {"fw_"};
constexpr std::array<std::string_view, 1> cerebrasKeys {"csk-"};
constexpr std::array<std::string_view, 1> togetherKeys {"tgp_"};

// OpenAI's reasoning models (wire.md 3): max_tokens is refused, sampling is fixed.
constexpr std::array<std::string_view, 5> reasoningModels {"o1", "o3", "o4", "gpt-5", "codex-"};
constexpr std::array<std::string_view, 1> chatModels {"gpt-5-chat"};
constexpr std::array<std::string_view, 2> earlyReasoningModels {"o1-mini", "o1-preview"};
constexpr std::array<std::string_view, 6> reasoningDrops {"top_p", "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs", "logit_bias"};
constexpr std::array newerMaxTokens {Rename {"max_tokens", "max_completion_tokens"}};
constexpr std::array openAiRules {
    ModelRule {.prefixes = reasoningModels, .except = chatModels, .drops = reasoningDrops, .renames = newerMaxTokens, .temperatureOne = true, .unlessEffortNone = true},
    ModelRule {.prefixes = earlyReasoningModels, .noSystemRole = true},
};

constexpr std::array<std::string_view, 3> grokReasoning {"grok-4", "grok-3-mini", "grok-code"};
constexpr std::array<std::string_view, 2> grokPlain {"grok-4-fast-non-reasoning", "grok-4-1-fast-non-reasoning"};
constexpr std::array<std::string_view, 3> grokDrops {"stop", "presence_penalty", "frequency_penalty"};
constexpr std::array xaiRules {ModelRule {.prefixes = grokReasoning, .except = grokPlain, .drops = grokDrops}};

constexpr std::array<std::string_view, 1> sonar {"sonar"};
constexpr std::array<std::string_view, 2> sonarReasoning {"sonar-reasoning", "sonar-deep-research"};
constexpr std::array<std::string_view, 1> effort {"reasoning_effort"};
constexpr std::array perplexityRules {ModelRule {.prefixes = sonar, .except = sonarReasoning, .drops = effort}};

constexpr std::array<std::string_view, 1> anthropicKeys {"sk-ant-"};
constexpr std::array<std::string_view, 1> googleKeys {"AIza"};
constexpr std::array<std::string_view, 2> awsKeys {"AKIA", "ASIA"};

constexpr std::string_view realtimeModel = "/realtime?model={model}";
constexpr std::string_view vertexModel = "/projects/{project}/locations/{location}/publishers/{publisher}/models/{model}";

constexpr std::array table {
    ProviderKind {.name = "openai", .title = "OpenAI", .baseUrl = "https://api.openai.com/v1", .exampleModel = "gpt-4o-mini",
                  .keyPrefixes = openAiKeys, .responsesPath = "/responses", .imagesPath = "/images/generations", .imageEditsPath = "/images/edits",
                  .transcriptionsPath = "/audio/transcriptions", .speechPath = "/audio/speech", .moderationsPath = "/moderations",
                  .realtimePath = realtimeModel, .dialect = {.openAiReasoningModels = true, .modelRules = openAiRules, .messageMembers = openAiMessages, .developerRole = true}},
    ProviderKind {.name = "anthropic", .title = "Anthropic", .baseUrl = "https://api.anthropic.com/v1", .exampleModel = "claude-sonnet-4-5",
                  .auth = Auth::XApiKey, .keyPrefixes = anthropicKeys, .format = wire::WireFormat::Anthropic,
                  .constantHeaders = "anthropic-version: 2023-06-01\r\n", .chatPath = "/messages", .completionsPath = "", .embeddingsPath = "",
                  .countTokensPath = "/messages/count_tokens", .dialect = {.maxChoices = 1, .streamOptions = false}},
    ProviderKind {.name = "gemini", .title = "Google Gemini", .baseUrl = "https://generativelanguage.googleapis.com/v1beta",
                  .exampleModel = "gemini-2.5-flash", .auth = Auth::GoogApiKey, .keyPrefixes = googleKeys, .format = wire::WireFormat::Gemini,
                  .versionPrefix = "/v1beta", .chatPath = "/models/{model}:generateContent",
                  .chatStreamPath = "/models/{model}:streamGenerateContent?alt=sse", .completionsPath = "",
                  .embeddingsPath = "/models/{model}:batchEmbedContents", .countTokensPath = "/models/{model}:countTokens",
                  .dialect = {.streamOptions = false}},
    ProviderKind {.name = "vertex", .title = "Google Vertex AI", .baseUrl = "https://{location}-aiplatform.googleapis.com",
                  .exampleModel = "gemini-2.5-flash", .auth = Auth::GoogleToken, .format = wire::WireFormat::Gemini, .chatPath = vertexModel,
                  .completionsPath = "", .embeddingsPath = vertexModel, .modelsPath = "", .countTokensPath = vertexModel,
                  .dialect = {.streamOptions = false}},
    ProviderKind {.name = "azure", .title = "Azure OpenAI", .baseUrl = "", .exampleModel = "gpt-4o-mini", .auth = Auth::ApiKey, .versionPrefix = "",
                  .modelsPath = "", .responsesPath = "/responses", .imagesPath = "/images/generations", .imageEditsPath = "/images/edits", .transcriptionsPath = "/audio/transcriptions",
                  .speechPath = "/audio/speech", .realtimePath = realtimeModel,
                  .dialect = {.openAiReasoningModels = true, .modelRules = openAiRules, .messageMembers = openAiMessages, .developerRole = true}},
    ProviderKind {.name = "bedrock", .title = "Amazon Bedrock", .baseUrl = "https://bedrock-runtime.{region}.amazonaws.com",
                  .exampleModel = "anthropic.claude-sonnet-4-5-20250929-v1:0", .auth = Auth::Aws, .keyPrefixes = awsKeys,
                  .format = wire::WireFormat::BedrockConverse, .framing = wire::FramingKind::AwsFrames, .versionPrefix = "",
                  .chatPath = "/model/{model}/converse", .chatStreamPath = "/model/{model}/converse-stream", .completionsPath = "",
                  .embeddingsPath = "/model/{model}/invoke", .modelsPath = "", .dialect = {.maxChoices = 1, .streamOptions = false}},
    ProviderKind {.name = "cohere", .title = "Cohere", .baseUrl = "https://api.cohere.com", .exampleModel = "command-a-03-2025",
                  .format = wire::WireFormat::CohereV2, .constantHeaders = "X-Client-Name: signalbox\r\n", .versionPrefix = "", .chatPath = "/v2/chat",
                  .completionsPath = "", .embeddingsPath = "/v2/embed", .modelsPath = "/v1/models", .rerankPath = "/v2/rerank",
                  .dialect = {.maxChoices = 1, .streamOptions = false}},
    ProviderKind {.name = "groq", .title = "Groq", .baseUrl = "https://api.groq.com/openai/v1", .exampleModel = "llama-3.3-70b-versatile",
                  .keyPrefixes = groqKeys, .transcriptionsPath = "/audio/transcriptions", .speechPath = "/audio/speech",
                  .dialect = {.drops = groqDrops, .clamps = groqClamps, .maxChoices = 1, .messageMembers = groqMessages, .fix = RequestFix::Groq, .prefix = PrefixForm::LastTurn,
                              .answer = {.reasoningKey = true}}},
    ProviderKind {.name = "together", .title = "Together AI", .baseUrl = "https://api.together.xyz/v1",
                  .exampleModel = "meta-llama/Llama-3.3-70B-Instruct-Turbo", .keyPrefixes = togetherKeys, .imagesPath = "/images/generations",
                  .transcriptionsPath = "/audio/transcriptions", .speechPath = "/audio/speech", .rerankPath = "/rerank",
                  .dialect = {.renames = olderMaxTokens, .answer = {.finishWords = true, .reasoningKey = true}}},
    ProviderKind {.name = "fireworks", .title = "Fireworks AI", .baseUrl = "https://api.fireworks.ai/inference/v1",
                  .exampleModel = "accounts/fireworks/models/llama-v3p3-70b-instruct", .keyPrefixes = fireworksKeys},
    ProviderKind {.name = "deepinfra", .title = "DeepInfra", .baseUrl = "https://api.deepinfra.com/v1/openai",
                  .exampleModel = "meta-llama/Llama-3.3-70B-Instruct", .versionPrefix = "/v1/openai", .imagesPath = "/images/generations",
                  .transcriptionsPath = "/audio/transcriptions", .speechPath = "/audio/speech",
                  .dialect = {.reasoning = wire::ReasoningCount::Unsure}},
    ProviderKind {.name = "openrouter", .title = "OpenRouter", .baseUrl = "https://openrouter.ai/api/v1", .exampleModel = "openai/gpt-4o-mini",
                  .keyPrefixes = openRouterKeys,
                  .dialect = {.developerRole = true, .sealsBack = true, .prefix = PrefixForm::Claude, .answer = {.roleOnce = true, .reasoningKey = true}}},
    ProviderKind {.name = "mistral", .title = "Mistral AI", .baseUrl = "https://api.mistral.ai/v1", .exampleModel = "mistral-small-latest",
                  .completionsPath = "", .transcriptionsPath = "/audio/transcriptions", .moderationsPath = "/moderations",
                  .dialect = {.renames = mistralRenames, .drops = mistralDrops, .requiredToolChoice = "any", .streamOptions = false,
                              .messageMembers = mistralMessages, .fix = RequestFix::Mistral, .prefix = PrefixForm::PrefixMark,
                              .answer = {.emptyNames = true, .contentArrays = true, .finishWords = true}}},
    ProviderKind {.name = "deepseek", .title = "DeepSeek", .baseUrl = "https://api.deepseek.com", .exampleModel = "deepseek-chat",
                  .versionPrefix = "", .completionsPath = "", .embeddingsPath = "",
                  .dialect = {.renames = olderMaxTokens, .drops = deepSeekDrops, .maxChoices = 1, .jsonSchema = false, .fix = RequestFix::DeepSeek,
                              .prefix = PrefixForm::PrefixMark, .prefixPath = "/beta/chat/completions"}},
    ProviderKind {.name = "xai", .title = "xAI", .baseUrl = "https://api.x.ai/v1", .exampleModel = "grok-4-1-fast", .keyPrefixes = xaiKeys,
                  .responsesPath = "/responses", .imagesPath = "/images/generations",
                  .dialect = {.modelRules = xaiRules, .reasoning = wire::ReasoningCount::Separate}},
    ProviderKind {.name = "perplexity", .title = "Perplexity", .baseUrl = "https://api.perplexity.ai", .exampleModel = "sonar",
                  .keyPrefixes = perplexityKeys, .versionPrefix = "", .completionsPath = "", .embeddingsPath = "", .modelsPath = "",
                  .dialect = {.renames = olderMaxTokens, .drops = perplexityDrops, .clamps = perplexityClamps, .maxChoices = 1, .streamOptions = false, .modelRules = perplexityRules,
                              .fix = RequestFix::Perplexity, .answer = {.roleOnce = true, .object = true, .cumulativeMessage = true}}},
    ProviderKind {.name = "cerebras", .title = "Cerebras", .baseUrl = "https://api.cerebras.ai/v1", .exampleModel = "llama-3.3-70b",
                  .keyPrefixes = cerebrasKeys, .embeddingsPath = "", .dialect = {.drops = cerebrasDrops, .maxChoices = 1, .messageMembers = cerebrasMessages, .answer = {.reasoningKey = true}}},
    ProviderKind {.name = "moonshot", .title = "Moonshot AI", .baseUrl = "https://api.moonshot.ai/v1", .exampleModel = "kimi-k2-0905-preview",
                  .completionsPath = "", .embeddingsPath = "", .dialect = {.renames = olderMaxTokens, .prefix = PrefixForm::PartialMark, .answer = {.object = true}}},
    ProviderKind {.name = "alibaba", .title = "Alibaba Model Studio", .baseUrl = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
                  .exampleModel = "qwen-plus", .completionsPath = "",
                  .dialect = {.renames = olderMaxTokens, .prefix = PrefixForm::PartialMark, .answer = {.emptyNames = true}}},
    ProviderKind {.name = "ollama", .title = "Ollama", .baseUrl = "http://127.0.0.1:11434", .exampleModel = "llama3.2", .auth = Auth::OptionalBearer,
                  .local = true, .format = wire::WireFormat::OllamaChat, .framing = wire::FramingKind::Lines, .versionPrefix = "", .chatPath = "/api/chat",
                  .completionsPath = "/v1/completions", .embeddingsPath = "/api/embed", .modelsPath = "/v1/models",
                  .dialect = {.maxChoices = 1, .streamOptions = false}},
    ProviderKind {.name = "vllm", .title = "vLLM", .baseUrl = "http://127.0.0.1:8000/v1", .exampleModel = "meta-llama/Llama-3.1-8B-Instruct",
                  .auth = Auth::OptionalBearer, .local = true, .transcriptionsPath = "/audio/transcriptions", .rerankPath = "/rerank",
                  .dialect = {.sealsBack = true, .prefix = PrefixForm::ContinueFinal, .answer = {.reasoningKey = true}}},
    ProviderKind {.name = "lmstudio", .title = "LM Studio", .baseUrl = "http://127.0.0.1:1234/v1", .exampleModel = "llama-3.2-3b-instruct",
                  .auth = Auth::OptionalBearer, .local = true, .dialect = {.renames = olderMaxTokens, .sealsBack = true, .imageUrls = false, .answer = {.reasoningKey = true}}},
    ProviderKind {.name = "llamacpp", .title = "llama.cpp", .baseUrl = "http://127.0.0.1:8080/v1", .exampleModel = "default", .auth = Auth::OptionalBearer,
                  .local = true, .dialect = {.sealsBack = true, .prefix = PrefixForm::LastTurn}},
    ProviderKind {.name = "openai-compatible", .title = "OpenAI-compatible", .baseUrl = "", .exampleModel = "model-name", .auth = Auth::OptionalBearer,
                  .imagesPath = "/images/generations", .imageEditsPath = "/images/edits", .transcriptionsPath = "/audio/transcriptions", .speechPath = "/audio/speech",
                  .moderationsPath = "/moderations", .rerankPath = "/rerank", .realtimePath = realtimeModel,
                  .dialect = {.developerRole = true, .sealsBack = true, .answer = {.toolIndex = true, .emptyNames = true, .finishWords = true, .object = true, .reasoningKey = true}}},
};

/// Ollama's other face, below /v1.
constexpr ProviderKind ollamaAsOpenAi {.name = "ollama", .title = "Ollama", .baseUrl = "http://127.0.0.1:11434/v1", .exampleModel = "llama3.2",
                                       .auth = Auth::OptionalBearer, .local = true, .dialect = {.renames = olderMaxTokens, .sealsBack = true, .imageUrls = false, .answer = {.reasoningKey = true}}};

} // namespace

std::string_view ProviderKind::path(Endpoint endpoint) const
{
    switch (endpoint) {
    case Endpoint::ChatCompletions:
    case Endpoint::Messages:
    case Endpoint::GenerateContent: return chatPath;
    case Endpoint::Responses: return responsesPath.empty() ? chatPath : responsesPath;
    case Endpoint::Completions: return completionsPath;
    case Endpoint::Embeddings: return embeddingsPath;
    case Endpoint::Models: return modelsPath;
    case Endpoint::CountTokens: return countTokensPath;
    case Endpoint::Images: return imagesPath;
    case Endpoint::ImageEdits: return imageEditsPath;
    case Endpoint::Transcriptions: return transcriptionsPath;
    case Endpoint::Speech: return speechPath;
    case Endpoint::Moderations: return moderationsPath;
    case Endpoint::Rerank: return rerankPath;
    case Endpoint::Realtime: return realtimePath;
    case Endpoint::Passthrough:
    case Endpoint::Other: break;
    }
    return {};
}

const ProviderKind &kindAt(const ProviderKind &kind, std::string_view basePath)
{
    return kind.name == ollamaAsOpenAi.name && basePath.ends_with("/v1") ? ollamaAsOpenAi : kind;
}

std::span<const ProviderKind> providerKinds()
{
    return table;
}

const ProviderKind *findProviderKind(std::string_view name)
{
    for (const ProviderKind &kind : table) {
        if (kind.name == name)
            return &kind;
    }
    return nullptr;
}

const ProviderKind *guessProviderKind(std::string_view apiKey)
{
    const ProviderKind *best = nullptr;
    std::size_t longest = 0;
    for (const ProviderKind &kind : table) {
        for (const std::string_view prefix : kind.keyPrefixes) {
            if (prefix.size() > longest && apiKey.starts_with(prefix)) {
                best = &kind;
                longest = prefix.size();
            }
        }
    }
    return best;
}

} // namespace gateway::providers
