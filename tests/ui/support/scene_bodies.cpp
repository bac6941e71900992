// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/scene_bodies.h"

#include "gateway/core/text.h"

#include <array>
#include <fmt/format.h>

using namespace gateway;

namespace tests {
namespace {

constexpr std::string_view systemWords = "You answer for the shop’s support team. Be short, name the next step.";
constexpr std::string_view userWords = "My order never came. Write to me or call, please.";
constexpr std::array<std::string_view, 6> answerPieces {"I’m sorry about that. ", "Your parcel left on 12 November ", "and was last scanned in Leipzig. ", "I have opened a trace; ", "you will hear from us ", "by tomorrow noon."};

std::string answerWords() { return fmt::format("{}", fmt::join(answerPieces, "")); }

/// One format: how a call is asked and answered in it.
struct Speech
{
    std::string_view name; ///< CallRecord::providerFormat
    std::string (*request)(const std::string &model, bool stream);
    std::string (*answer)(const CallRecord &record);
    std::string (*events)(const CallRecord &record);
};

std::string openAiRequest(const std::string &model, bool stream)
{
    return fmt::format(R"({{"model":"{}","messages":[{{"role":"system","content":"{}"}},{{"role":"user","content":"{}"}}],"stream":{},"temperature":0.2,"logit_bias":{{"1734":-100}},"seed":7}})", model, systemWords, userWords, stream);
}

std::string openAiAnswer(const CallRecord &record)
{
    return fmt::format(R"({{"id":"chatcmpl-9f2c","object":"chat.completion","model":"{}","choices":[{{"index":0,"message":{{"role":"assistant","content":"{}"}},"finish_reason":"stop"}}],"usage":{{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{}}}}})",
                       record.model, answerWords(), record.usage.input, record.usage.output, record.usage.total());
}

std::string openAiEvents(const CallRecord &record)
{
    std::string text = fmt::format("data: {{\"id\":\"chatcmpl-9f2c\",\"object\":\"chat.completion.chunk\",\"model\":\"{}\",\"choices\":[{{\"index\":0,\"delta\":{{\"role\":\"assistant\",\"content\":\"\"}}}}]}}\n\n", record.model);
    for (const std::string_view words : answerPieces)
        text += fmt::format("data: {{\"id\":\"chatcmpl-9f2c\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{}\"}}}}]}}\n\n", words);
    text += fmt::format("data: {{\"id\":\"chatcmpl-9f2c\",\"choices\":[{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"stop\"}}],\"usage\":{{\"prompt_tokens\":{},\"completion_tokens\":{}}}}}\n\n", record.usage.input, record.usage.output);
    return text + "data: [DONE]\n\n";
}

std::string anthropicRequest(const std::string &model, bool stream)
{
    return fmt::format(R"({{"model":"{}","system":[{{"type":"text","text":"{}"}}],"messages":[{{"role":"user","content":"{}"}}],"max_tokens":1024,"temperature":0.2,"top_k":40,"stream":{}}})",
                       model, systemWords, userWords, stream);
}

std::string anthropicAnswer(const CallRecord &record)
{
    return fmt::format(R"({{"id":"msg_01","type":"message","role":"assistant","model":"{}","content":[{{"type":"text","text":"{}"}}],"stop_reason":"end_turn","stop_sequence":null,"usage":{{"input_tokens":{},"output_tokens":{}}}}})",
                       record.model, answerWords(), record.usage.input, record.usage.output);
}

std::string event(std::string_view type, const std::string &members)
{
    return fmt::format("event: {0}\ndata: {{\"type\":\"{0}\"{1}}}\n\n", type, members);
}

std::string anthropicEvents(const CallRecord &record)
{
    std::string text = event("message_start", fmt::format(R"(,"message":{{"id":"msg_01","role":"assistant","model":"{}","content":[],"usage":{{"input_tokens":{},"output_tokens":1}}}})", record.model, record.usage.input));
    text += event("content_block_start", R"(,"index":0,"content_block":{"type":"text","text":""})");
    for (const std::string_view words : answerPieces)
        text += event("content_block_delta", fmt::format(R"(,"index":0,"delta":{{"type":"text_delta","text":"{}"}})", words));
    text += event("content_block_stop", R"(,"index":0)");
    text += event("message_delta", fmt::format(R"(,"delta":{{"stop_reason":"end_turn"}},"usage":{{"output_tokens":{}}})", record.usage.output));
    return text + event("message_stop", "");
}

std::string geminiRequest(const std::string &, bool)
{
    return fmt::format(R"({{"systemInstruction":{{"parts":[{{"text":"{}"}}]}},"contents":[{{"role":"user","parts":[{{"text":"{}"}}]}}],"generationConfig":{{"temperature":0.2}}}})", systemWords, userWords);
}

std::string geminiChunk(const CallRecord &record, std::string_view words, std::string_view finish)
{
    return fmt::format(R"({{"candidates":[{{"content":{{"role":"model","parts":[{{"text":"{}"}}]}},{}"index":0}}],"usageMetadata":{{"promptTokenCount":{},"candidatesTokenCount":{}}},"modelVersion":"{}"}})", words, finish, record.usage.input, record.usage.output, record.model);
}

std::string geminiAnswer(const CallRecord &record) { return geminiChunk(record, answerWords(), R"("finishReason":"STOP",)"); }

std::string geminiEvents(const CallRecord &record)
{
    std::string text;
    for (const std::string_view words : answerPieces)
        text += fmt::format("data: {}\n\n", geminiChunk(record, words, words == answerPieces.back() ? R"("finishReason":"STOP",)" : ""));
    return text;
}

std::string responsesRequest(const std::string &model, bool stream)
{
    return fmt::format(R"({{"model":"{}","instructions":"{}","input":[{{"role":"user","content":[{{"type":"input_text","text":"{}"}}]}}],"store":false,"truncation":"auto","stream":{}}})", model, systemWords, userWords, stream);
}

std::string responsesBody(const CallRecord &record)
{
    return fmt::format(R"({{"id":"resp_01","object":"response","status":"completed","error":null,"model":"{}","output":[{{"type":"message","id":"msg_01","status":"completed","role":"assistant","content":[{{"type":"output_text","text":"{}","annotations":[]}}]}}],"usage":{{"input_tokens":{},"output_tokens":{}}}}})",
                       record.model, answerWords(), record.usage.input, record.usage.output);
}

std::string responsesEvents(const CallRecord &record)
{
    std::string text = event("response.created", R"(,"response":{"id":"resp_01","object":"response","status":"in_progress","output":[]})");
    text += event("response.output_item.added", R"(,"output_index":0,"item":{"type":"message","id":"msg_01","role":"assistant","content":[]})");
    for (const std::string_view words : answerPieces)
        text += event("response.output_text.delta", fmt::format(R"(,"output_index":0,"content_index":0,"delta":"{}")", words));
    return text + event("response.completed", fmt::format(R"(,"response":{})", responsesBody(record)));
}

constexpr Speech openAi {"openai", openAiRequest, openAiAnswer, openAiEvents};
constexpr Speech anthropic {"anthropic", anthropicRequest, anthropicAnswer, anthropicEvents};
constexpr Speech gemini {"gemini", geminiRequest, geminiAnswer, geminiEvents};
constexpr Speech responses {"responses", responsesRequest, responsesBody, responsesEvents};

struct Habit
{
    std::string_view key;
    Endpoint endpoint;
    const Speech *speech;
    std::vector<std::string_view> lost; ///< where a provider of another format answers
};

const Habit &habitOf(const CallRecord &record)
{
    static const std::array<Habit, 4> habits {{
        {"research-notebooks", Endpoint::Messages, &anthropic, {"top_k"}},
        {"platform-ci", Endpoint::Responses, &responses, {"truncation"}},
        {"platform-internal", Endpoint::GenerateContent, &gemini, {}},
        {"", Endpoint::ChatCompletions, &openAi, {"logit_bias", "seed"}},
    }};
    for (const Habit &habit : habits)
        if (habit.key == record.key)
            return habit;
    return habits.back();
}

const Speech &speechOf(std::string_view provider) { return provider == "claude" ? anthropic : provider == "gemini" ? gemini : openAi; }

void addEmbeddings(CallRecord &record)
{
    record.bodies.request = fmt::format(R"({{"model":"{}","input":["Return policy for opened boxes","How long does a refund take?"]}})", record.askedModel);
    record.bodies.answer = R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.0023,-0.0093,0.0152]},{"object":"embedding","index":1,"embedding":[0.0071,-0.0018,0.0204]}]})";
}

std::string answerIn(const Speech &speech, const CallRecord &record) { return record.stream ? speech.events(record) : speech.answer(record); }

} // namespace

void addBodies(CallRecord &record)
{
    if (record.endpoint == Endpoint::Embeddings) {
        addEmbeddings(record);
        return;
    }
    const Habit &habit = habitOf(record);
    record.endpoint = habit.endpoint;
    record.bodies.request = habit.speech->request(record.askedModel, record.stream);
    if (record.status != CallStatus::Ok) {
        record.bodies.answer = fmt::format(R"({{"error":{{"message":{},"type":"upstream_error","code":"{}"}}}})", jsonQuoted(record.errorMessage), toText(*record.error));
        return;
    }
    record.bodies.answer = answerIn(*habit.speech, record);
    const Speech &other = speechOf(record.provider);
    if (other.name == habit.speech->name)
        return;
    record.providerFormat = other.name;
    for (const std::string_view lost : habit.lost)
        record.losses.push_back({std::string(lost), fmt::format("{} has no such parameter", other.name)});
    record.dropped = fmt::format("{}", fmt::join(habit.lost, ","));
    record.bodies.sent = other.request(record.model, record.stream);
    record.bodies.received = answerIn(other, record);
}

} // namespace tests
