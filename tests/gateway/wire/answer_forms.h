// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_log.h"
#include "gateway/wire/anthropic/answer_decoder.h"
#include "gateway/wire/anthropic/answer_writer.h"
#include "gateway/wire/line_parser.h"
#include "gateway/wire/openai_chat/answer_decoder.h"
#include "gateway/wire/openai_chat/answer_writer.h"

#include <functional>

/// Feeds an answer to a sink, from its first byte to its end.
using Feed = std::function<void(gateway::wire::ChatEventSink &)>;

inline EventLog logOf(const Feed &feed)
{
    EventLog log;
    feed(log);
    return log;
}

/// Feeds a stream of lines to a decoder, in two reads.
inline void decodeLines(gateway::wire::AnswerDecoder &decoder, std::string_view stream, std::size_t split, gateway::wire::ChatEventSink &out)
{
    gateway::wire::LineParser parser;
    std::string_view line;
    for (const std::string_view part : {stream.substr(0, split), stream.substr(split)}) {
        const std::string read(part);
        parser.feed(read);
        while (parser.next(line) == gateway::wire::LineParser::Line)
            decoder.onEvent({}, line, out);
    }
    if (parser.finish(line) == gateway::wire::LineParser::Line)
        decoder.onEvent({}, line, out);
    decoder.onEnd(out);
}

/// Passes an answer through the formats that callers get, streamed and whole, and back. @return where it comes back with
/// other words; empty: nowhere
inline QString lostInSomeForm(const Feed &feed)
{
    using namespace gateway::wire;
    struct Fan final : ChatEventSink
    {
        std::vector<ChatEventSink *> sinks;
        void onEvent(const ChatEvent &event) override
        {
            for (ChatEventSink *sink : sinks)
                sink->onEvent(event);
        }
    };
    EventLog asked;
    std::string chatStream, messagesStream;
    openai_chat::ChatStreamWriter chatStreamWriter({.id = "chatcmpl-1", .model = "smart", .created = 7}, true, chatStream);
    openai_chat::ChatBodyWriter chatBody({.id = "chatcmpl-1", .model = "smart", .created = 7});
    anthropic::MessagesStreamWriter messagesStreamWriter("msg_1", "smart", 0, messagesStream);
    anthropic::MessagesBodyWriter messagesBody("msg_1", "smart");
    Fan fan;
    fan.sinks = {&asked, &chatStreamWriter, &chatBody, &messagesStreamWriter, &messagesBody};
    feed(fan);

    const auto streamed = [](AnswerDecoder &decoder, const std::string &stream) { return logOf([&](ChatEventSink &out) { decodeStream(decoder, stream, out); }).summary(); };
    const auto whole = [](AnswerDecoder &decoder, const std::string &body) { return logOf([&](ChatEventSink &out) { decoder.onBody(body, out); }).summary(); };
    openai_chat::ChatAnswerDecoder chatStreamDecoder("c"), chatBodyDecoder("c");
    anthropic::MessagesAnswerDecoder messagesStreamDecoder, messagesBodyDecoder;
    QStringList lost;
    for (const auto &[form, back] : {std::pair {"chat stream: ", streamed(chatStreamDecoder, chatStream)}, std::pair {"chat body: ", whole(chatBodyDecoder, chatBody.body())},
                                     std::pair {"messages stream: ", streamed(messagesStreamDecoder, messagesStream)}, std::pair {"messages body: ", whole(messagesBodyDecoder, messagesBody.body())}}) {
        if (back != asked.summary())
            lost << QString::fromUtf8(form) + back;
    }
    return lost.isEmpty() ? QString() : lost.join(QLatin1Char('\n')) + QStringLiteral("\nand not: ") + asked.summary();
}
