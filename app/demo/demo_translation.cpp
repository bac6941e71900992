// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo_translation.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace app::demo {

namespace {

using gateway::CallRecord;

constexpr std::string_view system = "You help to read papers. Answer in two sentences.";
constexpr std::string_view question = "What does the second table say about the smaller sample?";
constexpr std::array<std::string_view, 3> pieces {"The smaller sample shows the same trend, ", "but its interval is three times as wide. ", "The authors therefore draw no conclusion from it alone."};

std::string event(std::string_view type, const std::string &members)
{
    return fmt::format("event: {0}\ndata: {{\"type\":\"{0}\"{1}}}\n\n", type, members);
}

std::string callersRequest(const CallRecord &record)
{
    return fmt::format(R"({{"model":"{}","system":"{}","messages":[{{"role":"user","content":"{}"}}],"max_tokens":1024,"top_k":40,"stream":{}}})", record.askedModel, system, question, record.stream);
}

std::string callersAnswer(const CallRecord &record)
{
    return fmt::format(R"({{"id":"msg_demo","type":"message","role":"assistant","model":"{}","content":[{{"type":"text","text":"{}"}}],"stop_reason":"end_turn","stop_sequence":null,"usage":{{"input_tokens":{},"output_tokens":{}}}}})",
                       record.model, fmt::join(pieces, ""), record.usage.input, record.usage.output);
}

std::string callersEvents(const CallRecord &record)
{
    std::string text = event("message_start", fmt::format(R"(,"message":{{"id":"msg_demo","role":"assistant","model":"{}","content":[],"usage":{{"input_tokens":0,"output_tokens":0}}}})", record.model));
    text += event("content_block_start", R"(,"index":0,"content_block":{"type":"text","text":""})");
    for (const std::string_view piece : pieces)
        text += event("content_block_delta", fmt::format(R"(,"index":0,"delta":{{"type":"text_delta","text":"{}"}})", piece));
    text += event("content_block_stop", R"(,"index":0)");
    text += event("message_delta", fmt::format(R"(,"delta":{{"stop_reason":"end_turn"}},"usage":{{"input_tokens":{},"output_tokens":{}}})", record.usage.input, record.usage.output));
    return text + event("message_stop", "");
}

std::string providersRequest(const CallRecord &record)
{
    return fmt::format(R"({{"model":"{}","messages":[{{"role":"system","content":"{}"}},{{"role":"user","content":"{}"}}],"max_tokens":1024,"stream":{}}})", record.model, system, question, record.stream);
}

std::string providersAnswer(const CallRecord &record)
{
    return fmt::format(R"({{"id":"chatcmpl-demo","object":"chat.completion","model":"{}","choices":[{{"index":0,"message":{{"role":"assistant","content":"{}"}},"finish_reason":"stop"}}],"usage":{{"prompt_tokens":{},"completion_tokens":{}}}}})",
                       record.model, fmt::join(pieces, ""), record.usage.input, record.usage.output);
}

std::string providersEvents(const CallRecord &record)
{
    std::string text;
    for (const std::string_view piece : pieces)
        text += fmt::format("data: {{\"id\":\"chatcmpl-demo\",\"object\":\"chat.completion.chunk\",\"model\":\"{}\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{}\"}}}}]}}\n\n", record.model, piece);
    text += fmt::format("data: {{\"id\":\"chatcmpl-demo\",\"choices\":[{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"stop\"}}],\"usage\":{{\"prompt_tokens\":{},\"completion_tokens\":{}}}}}\n\n", record.usage.input, record.usage.output);
    return text + "data: [DONE]\n\n";
}

} // namespace

void speakAnthropic(CallRecord &record, bool withBodies)
{
    record.endpoint = gateway::Endpoint::Messages;
    record.providerFormat = "openai";
    record.losses = {{"top_k", "openai has no such parameter"}};
    record.dropped = "top_k";
    if (!withBodies || record.status != gateway::CallStatus::Ok)
        return;
    record.bodies.request = callersRequest(record);
    record.bodies.sent = providersRequest(record);
    record.bodies.answer = record.stream ? callersEvents(record) : callersAnswer(record);
    record.bodies.received = record.stream ? providersEvents(record) : providersAnswer(record);
}

} // namespace app::demo
