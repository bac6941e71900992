// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/mock_answers.h"

namespace bench {

namespace {

constexpr std::string_view openAiChunk = R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"bench","choices":[)";

std::string wholeBody(Format format)
{
    const std::string text(900, 'a');
    switch (format) {
    case Format::OpenAi: break;
    case Format::Anthropic:
        return R"({"id":"msg_bench","type":"message","role":"assistant","model":"bench","content":[{"type":"text","text":")" + text
            + R"("}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":250,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":200}})";
    case Format::Gemini:
        return R"({"candidates":[{"content":{"parts":[{"text":")" + text
            + R"("}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":250,"candidatesTokenCount":200,"totalTokenCount":450},"modelVersion":"bench","responseId":"bench"})";
    }
    return R"({"id":"chatcmpl-bench","object":"chat.completion","created":1760000000,"model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":")" + text
        + R"("},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":250,"completion_tokens":200,"total_tokens":450}})";
}

} // namespace

Format formatOf(std::string_view head)
{
    const std::string_view line = head.substr(0, head.find("\r\n"));
    if (line.find("/v1/messages") != std::string_view::npos)
        return Format::Anthropic;
    return line.find("enerateContent") != std::string_view::npos ? Format::Gemini : Format::OpenAi;
}

std::string_view modelOf(Format format, std::string_view head, std::string_view body)
{
    constexpr std::string_view before = "/models/";
    constexpr std::string_view key = "\"model\"";
    if (format == Format::Gemini) {
        const std::size_t from = head.find(before);
        return from == std::string_view::npos ? std::string_view() : head.substr(from + before.size(), head.find(':', from) - from - before.size());
    }
    const std::size_t at = body.find(key);
    const std::size_t from = at == std::string_view::npos ? at : body.find('"', at + key.size());
    return from == std::string_view::npos ? std::string_view() : body.substr(from + 1, body.find('"', from + 1) - from - 1);
}

std::string wholeAnswer(Format format)
{
    const std::string body = wholeBody(format);
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string beginEvents(Format format)
{
    if (format != Format::Anthropic)
        return {};
    return "event: message_start\ndata: "
           R"({"type":"message_start","message":{"id":"msg_bench","type":"message","role":"assistant","model":"bench","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":250,"output_tokens":1}}})"
           "\n\nevent: content_block_start\ndata: "
           R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"
           "\n\n";
}

std::string contentEvent(Format format, std::int64_t sentAt)
{
    const std::string text = "t=" + std::to_string(sentAt) + " word";
    switch (format) {
    case Format::OpenAi: break;
    case Format::Anthropic:
        return "event: content_block_delta\ndata: " R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":")" + text + "\"}}\n\n";
    case Format::Gemini:
        return R"(data: {"candidates":[{"content":{"parts":[{"text":")" + text
            + R"("}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":250,"totalTokenCount":250},"modelVersion":"bench","responseId":"bench"})" "\n\n";
    }
    return std::string(openAiChunk) + R"({"index":0,"delta":{"content":")" + text + R"("},"logprobs":null,"finish_reason":null}]})" "\n\n";
}

std::string endEvents(Format format, bool wantsUsage)
{
    switch (format) {
    case Format::OpenAi: break;
    case Format::Anthropic:
        return "event: content_block_stop\ndata: " R"({"type":"content_block_stop","index":0})"
               "\n\nevent: message_delta\ndata: " R"({"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":50}})"
               "\n\nevent: message_stop\ndata: " R"({"type":"message_stop"})" "\n\n";
    case Format::Gemini:
        return R"(data: {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}],)"
               R"("usageMetadata":{"promptTokenCount":250,"candidatesTokenCount":50,"totalTokenCount":300},"modelVersion":"bench","responseId":"bench"})" "\n\n";
    }
    std::string out = std::string(openAiChunk) + R"({"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]})" "\n\n";
    if (wantsUsage)
        out.append(openAiChunk).append(R"(],"usage":{"prompt_tokens":250,"completion_tokens":50,"total_tokens":300}})" "\n\n");
    return out + "data: [DONE]\n\n";
}

} // namespace bench
