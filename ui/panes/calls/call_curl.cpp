// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/call_curl.h"

#include "gateway/core/text.h"
#include "ui/bridge/snippets.h"
#include "ui/bridge/text.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using gateway::CallRecord;
using gateway::Endpoint;

/// Counting is Anthropic's and Gemini's; only the body tells whose.
bool isGemini(const CallRecord &record)
{
    return record.endpoint == Endpoint::GenerateContent || (record.endpoint == Endpoint::CountTokens && record.bodies.request.find("\"contents\"") != std::string::npos);
}

QString encodedModel(const CallRecord &record) { return QString::fromLatin1(QUrl::toPercentEncoding(bridge::qt(record.askedModel))); }

QString smallBody(const CallRecord &record)
{
    const QString model = bridge::qt(gateway::jsonQuoted(record.askedModel));
    const QString stream = record.stream ? u",\"stream\":true"_s : QString();
    const QString messages = u"{\"model\":%1,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]%2}"_s;
    switch (record.endpoint) {
    case Endpoint::ChatCompletions:
    case Endpoint::Other:
    case Endpoint::Models:
    case Endpoint::Transcriptions:
    case Endpoint::ImageEdits:
    case Endpoint::Realtime: break;
    case Endpoint::Completions: return u"{\"model\":%1,\"prompt\":\"Hello\"%2}"_s.arg(model, stream);
    case Endpoint::Embeddings:
    case Endpoint::Moderations: return u"{\"model\":%1,\"input\":\"Hello\"}"_s.arg(model);
    case Endpoint::Messages: return messages.arg(model, u",\"max_tokens\":256"_s + stream);
    case Endpoint::CountTokens: return messages.arg(model, QString());
    case Endpoint::Responses: return u"{\"model\":%1,\"input\":\"Hello\"%2}"_s.arg(model, stream);
    case Endpoint::GenerateContent: return u"{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hello\"}]}]}"_s;
    case Endpoint::Images: return u"{\"model\":%1,\"prompt\":\"A signal box\"}"_s.arg(model);
    case Endpoint::Speech: return u"{\"model\":%1,\"input\":\"Hello\",\"voice\":\"alloy\"}"_s.arg(model);
    case Endpoint::Rerank: return u"{\"model\":%1,\"query\":\"Hello\",\"documents\":[\"Hello\",\"Goodbye\"]}"_s.arg(model);
    case Endpoint::Passthrough: return u"{}"_s;
    }
    return messages.arg(model, stream);
}

QString shellQuoted(QString text) { return u'\'' + text.replace(u'\'', u"'\\''"_s) + u'\''; }

QString header(const QString &line) { return u" \\\n  -H '"_s + line + u'\''; }

/// What goes after the head: the body, and headers that the endpoint needs beside the key.
QString restOf(const CallRecord &record)
{
    if (record.endpoint == Endpoint::Models)
        return {};
    if (record.endpoint == Endpoint::Realtime)
        return header(u"Connection: Upgrade"_s) + header(u"Upgrade: websocket"_s) + header(u"Sec-WebSocket-Version: 13"_s) + header(u"Sec-WebSocket-Key: c2lnbmFsYm94LXRlc3QhIQ=="_s);
    const QString model = shellQuoted(u"model="_s + bridge::qt(record.askedModel));
    if (record.endpoint == Endpoint::Transcriptions)
        return u" \\\n  -F %1 \\\n  -F file=@FILE"_s.arg(model);
    if (record.endpoint == Endpoint::ImageEdits)
        return u" \\\n  -F %1 \\\n  -F 'prompt=A signal box' \\\n  -F image=@FILE"_s.arg(model);
    const bool anthropic = record.endpoint == Endpoint::Messages || (record.endpoint == Endpoint::CountTokens && !isGemini(record));
    return (anthropic ? header(u"anthropic-version: 2023-06-01"_s) : QString()) + header(u"Content-Type: application/json"_s) + u" \\\n  --data-raw "_s
        + shellQuoted(bodyToSend(record));
}

} // namespace

QString listenerOrigin(const gateway::api::Gateway &gateway)
{
    const auto listener = gateway.listener();
    return bridge::originOf(bridge::qt(listener.address.empty() ? gateway.config()->gateway.listen : listener.address), listener.tls);
}

QString callPath(const CallRecord &record)
{
    switch (record.endpoint) {
    case Endpoint::ChatCompletions:
    case Endpoint::Other: break;
    case Endpoint::Completions: return u"/v1/completions"_s;
    case Endpoint::Embeddings: return u"/v1/embeddings"_s;
    case Endpoint::Models: return u"/v1/models"_s;
    case Endpoint::Messages: return u"/v1/messages"_s;
    case Endpoint::Responses: return u"/v1/responses"_s;
    case Endpoint::GenerateContent: return u"/v1beta/models/%1:%2"_s.arg(encodedModel(record), record.stream ? u"streamGenerateContent?alt=sse"_s : u"generateContent"_s);
    case Endpoint::CountTokens: return isGemini(record) ? u"/v1beta/models/%1:countTokens"_s.arg(encodedModel(record)) : u"/v1/messages/count_tokens"_s;
    case Endpoint::Images: return u"/v1/images/generations"_s;
    case Endpoint::ImageEdits: return u"/v1/images/edits"_s;
    case Endpoint::Transcriptions: return u"/v1/audio/transcriptions"_s;
    case Endpoint::Speech: return u"/v1/audio/speech"_s;
    case Endpoint::Moderations: return u"/v1/moderations"_s;
    case Endpoint::Rerank: return u"/v1/rerank"_s;
    case Endpoint::Passthrough: return u"/passthrough/%1/PATH"_s.arg(record.provider.empty() ? u"PROVIDER"_s : bridge::qt(record.provider)); // the log has no path
    case Endpoint::Realtime: return u"/v1/realtime?model=%1"_s.arg(encodedModel(record));
    }
    return u"/v1/chat/completions"_s;
}

QString bodyToSend(const CallRecord &record)
{
    const bool whole = !record.bodies.request.empty() && !record.bodies.requestCut;
    return whole ? bridge::qt(record.bodies.request) : smallBody(record);
}

QString curlOf(const CallRecord &record, const gateway::api::Gateway &gateway)
{
    const QString options = record.endpoint == Endpoint::Realtime ? u"-N --http1.1 "_s : record.stream ? u"-N "_s : record.endpoint == Endpoint::Speech ? u"-o FILE "_s : QString();
    const QString url = listenerOrigin(gateway) + callPath(record);
    // '?' and '&' are the shell's own.
    return u"curl "_s + options + (url.contains(u'?') ? shellQuoted(url) : url) + header(u"Authorization: Bearer "_s + QLatin1StringView(placeholderKey)) + restOf(record);
}

} // namespace ui::calls
