// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"
#include "recordings.h"

#include <QTest>

#include <string>
#include <string_view>

/// A request in a provider's format, and what was lost on the way: both as a test looks at them.
struct TranslatedRequest
{
    QJsonObject body;
    QStringList losses; ///< what, without why; of a request that was refused, why
    std::string raw;
};

/// @param write  gives a body and losses
template <typename Write>
TranslatedRequest translated(const gateway::Result<gateway::wire::ChatRequest> &request, Write write)
{
    if (!request)
        return {.body = {}, .losses = {QString::fromStdString(request.error().message)}, .raw = {}};
    auto written = write(*request);
    TranslatedRequest out {.body = QJsonDocument::fromJson(QByteArray::fromStdString(written.body)).object(), .losses = {}, .raw = written.body};
    for (const gateway::Loss &loss : written.losses)
        out.losses << QString::fromStdString(loss.what);
    return out;
}

/// `~` stands for an escaped quote, within strings, and for a quote elsewhere: raw strings with those are more than moc
/// can read.
inline const std::string &withQuotes(const std::string &text)
{
    static thread_local std::string out; // views of the request that is read point into it, until the next one
    out.clear();
    bool inside = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        inside ^= text[i] == '"' && (i == 0 || text[i - 1] != '\\');
        if (text[i] == '~')
            out += inside ? "\\\"" : "\"";
        else
            out += text[i];
    }
    return out;
}

/// A chat completions body around some members.
inline std::string chatWith(std::string_view members)
{
    return R"({"messages":[{"role":"user","content":"hi"}],)" + std::string(members) + "}";
}

inline QString compact(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    return QString::fromUtf8((value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject())).toJson(QJsonDocument::Compact));
}

/// What says the same to a provider in one form: without nulls, and one text as a string.
inline QJsonValue withoutNulls(const QJsonValue &value)
{
    if (value.isArray()) {
        QJsonArray out;
        for (const QJsonValue &each : value.toArray())
            out.append(withoutNulls(each));
        return out;
    }
    if (!value.isObject())
        return value;
    QJsonObject out;
    const QJsonObject in = value.toObject();
    for (auto member = in.begin(); member != in.end(); ++member) {
        const QJsonValue inner = withoutNulls(member.value());
        if (!inner.isNull())
            out.insert(member.key(), inner);
    }
    const QJsonArray content = out[QStringLiteral("content")].toArray();
    if (content.size() == 1 && content[0][QStringLiteral("type")] == QStringLiteral("text"))
        out[QStringLiteral("content")] = content[0][QStringLiteral("text")];
    return out;
}

/// Rows for every recorded request of the formats that callers speak: a column `file`.
inline void addCallersRequests()
{
    QTest::addColumn<QString>("file");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &folder : recordings::strings({"anthropic", "openai-chat"}))
        for (const QString &name : QDir(recordings::folder() + QLatin1Char('/') + folder).entryList({QStringLiteral("*.req.json")}))
            QTest::newRow(qPrintable(folder + QLatin1Char('/') + name)) << folder + QLatin1Char('/') + name;
}
