// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/chat_event.h"
#include "gateway/wire/neutral/overloaded.h"
#include "gateway/wire/neutral/seal.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

/// What an answer says once its events are put together, in the form of tests/data/wire/expected.json; and which rules of
/// chat_event.h were not kept.
class AnswerSummary final : public gateway::wire::ChatEventSink
{
public:
    QStringList broken;

    void onEvent(const gateway::wire::ChatEvent &event) override
    {
        using namespace gateway::wire;
        if (m_ended || m_failed)
            broken << QStringLiteral("something follows the end");
        if (m_started == std::holds_alternative<AnswerStart>(event) && !std::holds_alternative<AnswerError>(event))
            broken << QStringLiteral("an answer starts once, and first");
        m_started = true;
        std::visit(Overloaded {
            [&](const AnswerStart &start) {
                m_id = plain(start.id);
                m_model = plain(start.model);
            },
            [&](const TextDelta &delta) { said(delta.choice, "text").text += plain(delta.text); },
            [&](const RefusalDelta &delta) { said(delta.choice, "refusal").refusal += plain(delta.text); },
            [&](const ThinkingDelta &delta) {
                Choice &to = said(delta.choice, "thinking");
                to.thinking += plain(delta.text);
                to.seals += plain(bare(delta.signature)) + plain(bare(delta.redacted));
            },
            [&](const ToolCallStart &call) {
                Choice &to = said(call.choice, "call");
                if (call.call != to.calls.size() || call.id.empty())
                    broken << QStringLiteral("calls begin in order, and have an id");
                to.calls.push_back({plain(call.id), plain(call.name), plain(call.signature), {}, false});
            },
            [&](const ToolCallDelta &delta) { call(delta.choice, delta.call).arguments += gateway::wire::unescapeJson(delta.arguments.raw); },
            [&](const ToolCallEnd &end) { call(end.choice, end.call).ended = true; },
            [&](const CitationFound &found) {
                if (!found.url.empty())
                    m_choices[found.choice].sources.append(shortened(plain(found.url)));
            },
            [&](const UsageFound &found) {
                const gateway::TokenUsage &usage = found.usage;
                m_usage = QJsonObject {{QStringLiteral("in"), qint64(usage.input)}, {QStringLiteral("out"), qint64(usage.output)}, {QStringLiteral("cached"), qint64(usage.cachedInput)},
                                       {QStringLiteral("written"), qint64(usage.cacheWrite)}, {QStringLiteral("hour"), qint64(usage.cacheWrite1h)}, {QStringLiteral("reasoning"), qint64(usage.reasoning)}};
            },
            [&](const Finish &finish) { finished(finish); },
            [&](const AnswerEnd &) { m_ended = true; },
            [&](const AnswerError &) { m_failed = true; },
            [&](const NativeBlock &) {
                said(0, "native");
                ++m_natives;
            },
        }, event);
    }

    [[nodiscard]] QJsonObject object() const
    {
        QJsonObject out {{QStringLiteral("id"), m_id}, {QStringLiteral("model"), m_model}, {QStringLiteral("usage"), m_usage}};
        if (!m_ended)
            out[QStringLiteral("ends")] = m_failed ? QStringLiteral("error") : QStringLiteral("cut");
        if (m_natives > 0)
            out[QStringLiteral("natives")] = m_natives;
        QJsonArray choices;
        for (const auto &[number, choice] : m_choices)
            choices.append(choice.object());
        out[QStringLiteral("choices")] = choices;
        return out;
    }

private:
    struct Call
    {
        QString id, name, signature;
        std::string arguments;
        bool ended = false;
    };

    struct Choice
    {
        QString text, thinking, seals, refusal, finish, word;
        std::vector<Call> calls;
        QJsonArray sources;
        QStringList order;

        [[nodiscard]] QJsonObject object() const
        {
            QJsonObject out {{QStringLiteral("order"), order.join(QLatin1Char(' '))}};
            const auto add = [](QJsonObject &to, const char *name, const QString &value) {
                if (!value.isEmpty())
                    to[QLatin1String(name)] = shortened(value);
            };
            add(out, "text", text);
            add(out, "thinking", thinking);
            add(out, "seals", seals);
            add(out, "refusal", refusal);
            if (!finish.isEmpty()) {
                out[QStringLiteral("finish")] = finish;
                out[QStringLiteral("word")] = word;
            }
            if (!sources.isEmpty())
                out[QStringLiteral("sources")] = sources;
            QJsonArray told;
            for (const Call &call : calls) {
                QJsonObject shown;
                // Ids that are made where the provider gives none are not the recording's.
                if (!call.id.startsWith(QLatin1String("call_82N4MDBYTKF0BY1JYX3SSRE")) && !call.id.contains(QLatin1String("N4MDBYTKF0BY1JYX3SSRE")))
                    add(shown, "id", call.id);
                add(shown, "name", call.name);
                shown[QStringLiteral("arguments")] = shortened(sorted(call.arguments));
                add(shown, "signature", call.signature);
                told.append(shown);
            }
            if (!told.isEmpty())
                out[QStringLiteral("calls")] = told;
            return out;
        }
    };

    static gateway::wire::Chars bare(gateway::wire::Chars seal) { return gateway::wire::readSeal(seal, gateway::wire::WireFormat::Anthropic).text; }
    static QString plain(gateway::wire::Chars chars) { return QString::fromStdString(gateway::wire::unescapeJson(chars.raw)); }

    /// expect.py writes long texts so.
    static QString shortened(const QString &text)
    {
        const qsizetype characters = text.toUcs4().size();
        if (characters <= 80)
            return text;
        const QByteArray hash = QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256).toHex();
        return QStringLiteral("%1:%2").arg(characters).arg(QString::fromLatin1(hash.left(16)));
    }

    /// Arguments without white space, their members in the order of their names.
    static QString sorted(const std::string &arguments)
    {
        const auto value = nlohmann::json::parse(arguments, nullptr, false);
        return QString::fromStdString(value.is_discarded() ? arguments : value.dump());
    }

    Choice &said(std::uint32_t number, const char *kind)
    {
        Choice &choice = m_choices[number];
        if (choice.order.isEmpty() || choice.order.back() != QLatin1String(kind))
            choice.order << QLatin1String(kind);
        return choice;
    }

    Call &call(std::uint32_t choice, std::uint32_t number)
    {
        static Call none;
        auto &calls = m_choices[choice].calls;
        if (number < calls.size() && !calls[number].ended)
            return calls[number];
        broken << QStringLiteral("what belongs to a call comes between its start and its end");
        return none;
    }

    void finished(const gateway::wire::Finish &finish)
    {
        static constexpr const char *words[] {"stop", "stop_sequence", "length", "tool_calls", "content_filter", "refusal", "error"};
        Choice &choice = m_choices[finish.choice];
        if (!choice.finish.isEmpty())
            broken << QStringLiteral("a choice finishes once");
        for (const Call &call : choice.calls)
            if (!call.ended)
                broken << QStringLiteral("a call ends before its choice finishes");
        choice.finish = QLatin1String(words[static_cast<int>(finish.reason)]);
        choice.word = plain(finish.native);
    }

    QString m_id, m_model;
    std::map<std::uint32_t, Choice> m_choices;
    QJsonValue m_usage;
    int m_natives = 0;
    bool m_started = false, m_ended = false, m_failed = false;
};

/// What differs, member by member; empty: nothing.
inline QString differences(const QJsonObject &got, const QJsonObject &expected)
{
    QStringList out;
    QStringList names = got.keys() + expected.keys();
    names.removeDuplicates();
    for (const QString &name : names)
        if (got[name] != expected[name])
            out << QStringLiteral("%1:\n  got      %2\n  expected %3").arg(name, QString::fromUtf8(QJsonDocument(QJsonArray {got[name]}).toJson(QJsonDocument::Compact)),
                                                                       QString::fromUtf8(QJsonDocument(QJsonArray {expected[name]}).toJson(QJsonDocument::Compact)));
    return out.join(QLatin1Char('\n'));
}
