// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"
#include "gateway/wire/event_framing.h"
#include "gateway/wire/usage.h"
#include "gateway/wire/wire_format.h"

#include <cstdint>
#include <span>
#include <string_view>

/// The provider kinds: one row each. A provider that speaks OpenAI's API is a row and nothing else.
namespace gateway::providers {

enum class Auth : std::uint8_t {
    Bearer,         ///< Authorization: Bearer KEY, compulsory
    OptionalBearer, ///< sent where a key is given: local servers
    XApiKey,        ///< x-api-key: KEY (Anthropic)
    GoogApiKey,     ///< x-goog-api-key: KEY (Gemini): not in the query, which is logged on the way
    ApiKey,         ///< api-key: KEY, or an Entra token as a bearer (Azure)
    GoogleToken,    ///< a bearer token that a service account or the metadata server is asked for (Vertex)
    Aws             ///< Signature V4, or a key as a bearer (Bedrock)
};

/// A parameter that is called otherwise there.
struct Rename
{
    std::string_view from, to;
};

/// A number that is clamped.
struct Clamp
{
    std::string_view name;
    double low, high;
};

/// What certain models of a kind do not take, beyond the kind's own list.
struct ModelRule
{
    std::span<const std::string_view> prefixes;        ///< of the model's name
    std::span<const std::string_view> except {};       ///< prefixes that are not meant
    std::span<const std::string_view> drops {};
    std::span<const Rename> renames {};
    bool temperatureOne = false;                       ///< takes no temperature but 1
    bool unlessEffortNone = false;                     ///< the drops do not hold for reasoning_effort "none"
    bool noSystemRole = false;                         ///< system and developer turns become user turns
};

/// What of a request's messages or values needs more than renaming; each costs a parse of the body.
enum class RequestFix : std::uint8_t {
    None,
    Mistral,    ///< tool ids of nine characters, an assistant turn between tool and user, prefix on a last assistant turn
    Perplexity, ///< user and assistant turns must alternate
    DeepSeek,   ///< reasoning_content goes back only within tool loops
    Groq        ///< no `name` on messages
};

/// How a model is asked to go on from the assistant's last turn (prefix.h), by kinds of OpenAI's format.
enum class PrefixForm : std::uint8_t {
    None,         ///< it answers or refuses such a turn, or nobody promises that it goes on
    LastTurn,     ///< it goes on by itself
    Claude,       ///< it goes on by itself, where the model is Claude and old enough
    PrefixMark,   ///< "prefix": true in the turn (Mistral, DeepSeek)
    PartialMark,  ///< "partial": true in the turn (Moonshot, Alibaba)
    ContinueFinal ///< continue_final_message, and no generation prompt (vLLM)
};

/// What of a stream's or answer's bytes must be changed before an OpenAI client can read it (wire.md 3, 4.4).
struct AnswerFixes
{
    bool roleOnce = false;         ///< role repeated in every delta: only the first keeps it
    bool toolIndex = false;        ///< tool indexes from 1, missing or equal: renumbered
    bool emptyNames = false;       ///< later tool deltas with id "" or name "": taken out
    bool contentArrays = false;    ///< content as an array of text and thinking parts
    bool finishWords = false;      ///< eos, model_length and their kin
    bool object = false;           ///< chunks without `object`
    bool cumulativeMessage = false;///< `message` beside `delta` in chunks: taken out
    bool reasoningKey = false;     ///< `reasoning` without `reasoning_content`, which is added: it is what callers find everywhere else
    [[nodiscard]] constexpr bool any() const
    {
        return roleOnce || toolIndex || emptyNames || contentArrays || finishWords || object || cumulativeMessage || reasoningKey;
    }
};

/// How a kind's API differs from OpenAI's chat API (wire.md section 3).
struct Dialect
{
    std::span<const Rename> renames {};
    std::span<const std::string_view> drops {};
    std::span<const Clamp> clamps {};
    std::string_view requiredToolChoice = "required"; ///< the word for it there
    int maxChoices = 128;                             ///< greatest `n`
    bool streamOptions = true;                        ///< takes stream_options
    bool openAiReasoningModels = false;               ///< has models that know max_completion_tokens alone
    std::span<const ModelRule> modelRules {};
    std::span<const std::string_view> messageMembers {}; ///< all that its messages may hold; empty: what it does not know it ignores
    bool developerRole = false;                       ///< knows the role developer; else it becomes system
    bool jsonSchema = true;                           ///< takes response_format json_schema
    bool sealsBack = false;                           ///< takes `reasoning_details` and `extra_content` back in a history: its own, or unread
    bool imageUrls = true;                            ///< fetches images that are named by their address
    RequestFix fix = RequestFix::None;
    PrefixForm prefix = PrefixForm::None;
    std::string_view prefixPath {};                   ///< where a prefix is taken, in place of the chat path; empty: there too
    wire::ReasoningCount reasoning = wire::ReasoningCount::Included;
    AnswerFixes answer {};
};

struct ProviderKind
{
    std::string_view name;         ///< "together"; `kind` in the configuration
    std::string_view title;        ///< "Together AI"
    std::string_view baseUrl;      ///< the kind's own; empty: must be given
    std::string_view exampleModel;
    Auth auth = Auth::Bearer;
    bool local = false;            ///< runs on the user's machine
    std::span<const std::string_view> keyPrefixes {}; ///< "gsk_", to guess the kind of a pasted key
    wire::WireFormat format = wire::WireFormat::OpenAiChat; ///< what its chat endpoint speaks
    wire::FramingKind framing = wire::FramingKind::Sse;
    std::string_view constantHeaders {};              ///< lines that every request has, each with its CRLF
    std::string_view versionPrefix = "/v1";           ///< what a base URL may leave out
    // Behind the version prefix; empty: not there. {model}, {deployment}, {project} and {location} are filled in, percent-encoded.
    std::string_view chatPath = "/chat/completions";
    std::string_view chatStreamPath {};               ///< empty: as chatPath
    std::string_view completionsPath = "/completions";
    std::string_view embeddingsPath = "/embeddings";
    std::string_view modelsPath = "/models";
    std::string_view responsesPath {};
    std::string_view countTokensPath {};
    std::string_view imagesPath {};
    std::string_view imageEditsPath {};
    std::string_view transcriptionsPath {};
    std::string_view speechPath {};
    std::string_view moderationsPath {};
    std::string_view rerankPath {};
    std::string_view realtimePath {};
    Dialect dialect {};

    /// Where a caller's endpoint leads; empty: the kind has no such endpoint. All who ask a model to go on with a
    /// conversation lead to the chat endpoint; Responses to its own where there is one (`responsesPath`).
    [[nodiscard]] std::string_view path(Endpoint endpoint) const;
};

/// Every kind, in the order in which a list shows them.
std::span<const ProviderKind> providerKinds();
/// nullptr: no such kind.
const ProviderKind *findProviderKind(std::string_view name);
/// The kind as it is at this address: Ollama speaks its own API, and OpenAI's below /v1.
const ProviderKind &kindAt(const ProviderKind &kind, std::string_view basePath);
/// The kind whose keys begin like this one, longest prefix first, or nullptr.
const ProviderKind *guessProviderKind(std::string_view apiKey);

} // namespace gateway::providers
