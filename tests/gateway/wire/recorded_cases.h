// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/codecs.h"
#include "gateway/wire/event_framing.h"
#include "tests/gateway/wire/recordings.h"

#include <nlohmann/json.hpp>

#include <map>
#include <memory>
#include <string>

namespace recordings {

using namespace gateway::wire;

inline WireFormat formatOf(const QString &word)
{
    static const std::map<QString, WireFormat> words {
        {QStringLiteral("chat"), WireFormat::OpenAiChat}, {QStringLiteral("responses"), WireFormat::OpenAiResponses}, {QStringLiteral("anthropic"), WireFormat::Anthropic},
        {QStringLiteral("gemini"), WireFormat::Gemini}, {QStringLiteral("bedrock"), WireFormat::BedrockConverse}, {QStringLiteral("cohere"), WireFormat::CohereV2},
        {QStringLiteral("ollama"), WireFormat::OllamaChat}};
    const auto found = words.find(word);
    return found == words.end() ? WireFormat::OpenAiChat : found->second;
}

/// One case of an index.json, with what is expected of it.
struct Case
{
    QJsonObject row, expected;
    std::string ask {}; ///< the request in the form of a caller, where no caller speaks the provider's: its members in order

    [[nodiscard]] QString file() const { return row[QStringLiteral("file")].toString(); }
    [[nodiscard]] QString url() const { return row[QStringLiteral("url")].toString(); }
    [[nodiscard]] QString requestFile() const { return row[QStringLiteral("request")].toString(); }
    [[nodiscard]] QString what() const { return expected[QStringLiteral("is")].toString(); }
    [[nodiscard]] WireFormat format() const { return formatOf(expected[QStringLiteral("format")].toString()); }
    [[nodiscard]] bool isStream() const { return !file().endsWith(QLatin1String(".json")) && !file().endsWith(QLatin1String(".html")) && !file().endsWith(QLatin1String(".txt")); }
    [[nodiscard]] FramingKind framing() const
    {
        return file().endsWith(QLatin1String(".bin")) ? FramingKind::AwsFrames : file().endsWith(QLatin1String(".ndjson")) ? FramingKind::Lines : FramingKind::Sse;
    }
    [[nodiscard]] std::unique_ptr<AnswerDecoder> decoder() const
    {
        const bool separate = file().contains(QLatin1String("xai"));
        return makeDecoder(format(), {.callId = "call_01M82N4MDBYTKF0BY1JYX3SSRE", .reasoning = separate ? ReasoningCount::Separate : ReasoningCount::Included});
    }
};

/// Every case of both index.json, by its file; empty: something is not there.
/// @param expectedFile  tests/data/wire/expected.json
inline std::map<QString, Case> cases(const QString &expectedFile)
{
    QFile file(expectedFile);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray text = file.readAll();
    const QJsonObject expected = QJsonDocument::fromJson(text).object();
    const auto inOrder = nlohmann::ordered_json::parse(text.toStdString(), nullptr, false);
    if (expected.isEmpty() || !inOrder.is_object())
        return {};
    std::map<QString, Case> all;
    for (const QString &index : {QStringLiteral("/index.json"), QStringLiteral("/synthetic/index.json")}) {
        QFile rows(folder() + index);
        if (!rows.open(QIODevice::ReadOnly))
            return {};
        for (const QJsonValue &row : QJsonDocument::fromJson(rows.readAll()).array()) {
            const QString name = row[QLatin1String("file")].toString();
            Case &each = all[name] = {.row = row.toObject(), .expected = expected[name].toObject()};
            if (each.expected.contains(QLatin1String("ask")))
                each.ask = inOrder[name.toStdString()]["ask"].dump();
        }
    }
    return all;
}

} // namespace recordings
