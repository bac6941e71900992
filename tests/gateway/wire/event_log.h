// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/answer_decoder.h"
#include "gateway/wire/neutral/overloaded.h"
#include "gateway/wire/sse_parser.h"

#include <QJsonDocument>
#include <QString>
#include <QStringList>

#include <string>
#include <string_view>
#include <vector>

/// What an answer says once its pieces are put together, and the kinds of its events in order.
struct EventLog final : gateway::wire::ChatEventSink
{
    struct Call
    {
        QString id, name, arguments;
        bool ended = false;
    };

    QString text, thinking, signature, refusal;
    std::vector<Call> calls;
    QStringList citations;
    int natives = 0;
    gateway::TokenUsage usage;
    bool started = false, finished = false, ended = false, failed = false;
    QString error;
    gateway::wire::FinishReason reason = gateway::wire::FinishReason::Stop;
    QStringList broken; ///< rules of chat_event.h that were not kept

    static QString plain(gateway::wire::Chars chars) { return QString::fromStdString(gateway::wire::unescapeJson(chars.raw)); }

    void onEvent(const gateway::wire::ChatEvent &event) override
    {
        using namespace gateway::wire;
        if (ended || failed)
            broken << QStringLiteral("something after the end");
        if (!started && !std::holds_alternative<AnswerStart>(event) && !std::holds_alternative<AnswerError>(event))
            broken << QStringLiteral("something before the start");
        std::visit(Overloaded {
            [&](const AnswerStart &) { started ? broken << QStringLiteral("two starts") : broken; started = true; },
            [&](const TextDelta &delta) { text += delta.choice == 0 ? plain(delta.text) : QString(); },
            [&](const RefusalDelta &delta) { refusal += plain(delta.text); },
            [&](const ThinkingDelta &delta) { thinking += plain(delta.text); signature += plain(delta.signature) + plain(delta.redacted); },
            [&](const ToolCallStart &call) {
                if (call.choice != 0)
                    return;
                if (call.call != calls.size())
                    broken << QStringLiteral("calls out of order");
                calls.push_back({plain(call.id), plain(call.name), {}, false});
            },
            [&](const ToolCallDelta &delta) { if (delta.choice == 0) calls.at(delta.call).arguments += plain(delta.arguments); },
            [&](const ToolCallEnd &call) { if (call.choice == 0) calls.at(call.call).ended = true; },
            [&](const CitationFound &citation) { if (!citation.url.empty()) citations << plain(citation.url); },
            [&](const UsageFound &found) { usage = found.usage; },
            [&](const Finish &finish) { if (finish.choice == 0) reason = finish.reason; finished = true; },
            [&](const AnswerEnd &) { ended = true; },
            [&](const AnswerError &what) { failed = true; error = QString::fromUtf8(what.object.raw.data(), static_cast<qsizetype>(what.object.raw.size())); },
            [&](const NativeBlock &) { ++natives; },
        }, event);
    }

    /// Without what formats tell differently: white space in arguments.
    [[nodiscard]] QString summary() const
    {
        QString out = text + QStringLiteral("|thinking ") + thinking + QLatin1Char('|') + refusal;
        for (const Call &call : calls) {
            const QJsonDocument arguments = QJsonDocument::fromJson(call.arguments.toUtf8());
            out += QStringLiteral("|call %1 %2 ").arg(call.id, call.name) + (arguments.isNull() ? call.arguments : QString::fromUtf8(arguments.toJson(QJsonDocument::Compact)));
        }
        return out + QStringLiteral("|in %1 out %2 cached %3 written %4").arg(usage.input).arg(usage.output).arg(usage.cachedInput).arg(usage.cacheWrite + usage.cacheWrite1h);
    }
};

/// Hands every event to several.
struct Fan final : gateway::wire::ChatEventSink
{
    std::vector<gateway::wire::ChatEventSink *> sinks;
    explicit Fan(std::vector<gateway::wire::ChatEventSink *> all) : sinks(std::move(all)) {}
    void onEvent(const gateway::wire::ChatEvent &event) override
    {
        for (gateway::wire::ChatEventSink *sink : sinks)
            sink->onEvent(event);
    }
};

/// Feeds a stream to a decoder, in reads of `step` bytes.
inline void decodeStream(gateway::wire::AnswerDecoder &decoder, std::string_view stream, gateway::wire::ChatEventSink &out, std::size_t step = 4096)
{
    gateway::wire::SseParser parser;
    gateway::wire::SseEvent event;
    for (std::size_t at = 0; at < stream.size(); at += step) {
        const std::string read(stream.substr(at, step));
        parser.feed(read);
        while (parser.next(event) == gateway::wire::SseParser::Event)
            if (event.hasData)
                decoder.onEvent(event.type, event.data, out);
    }
    // A last event without its blank line counts where it is whole.
    if (parser.finish(event) == gateway::wire::SseParser::Event && event.hasData) {
        gateway::wire::JsonCursor json(event.data);
        if (event.data == "[DONE]" || (json.skip() && json.atEnd()))
            decoder.onEvent(event.type, event.data, out);
    }
    decoder.onEnd(out);
}
