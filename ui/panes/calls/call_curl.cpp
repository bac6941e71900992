// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/call_curl.h"

#include "gateway/core/text.h"
#include "ui/bridge/text.h"

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using gateway::Endpoint;

QString pathOfEndpoint(Endpoint endpoint)
{
    switch (endpoint) {
    case Endpoint::Completions: return u"/v1/completions"_s;
    case Endpoint::Embeddings: return u"/v1/embeddings"_s;
    case Endpoint::Models: return u"/v1/models"_s;
    case Endpoint::ChatCompletions:
    case Endpoint::Other: break;
    }
    return u"/v1/chat/completions"_s;
}

QString smallBody(const gateway::CallRecord &record)
{
    const QString model = bridge::qt(gateway::jsonQuoted(record.askedModel));
    if (record.endpoint == Endpoint::Embeddings)
        return u"{\"model\":%1,\"input\":\"Hello\"}"_s.arg(model);
    if (record.endpoint == Endpoint::Completions)
        return u"{\"model\":%1,\"prompt\":\"Hello\"}"_s.arg(model);
    return u"{\"model\":%1,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]%2}"_s.arg(model, record.stream ? u",\"stream\":true"_s : QString());
}

QString shellQuoted(QString text) { return u'\'' + text.replace(u'\'', u"'\\''"_s) + u'\''; }

} // namespace

QString curlOf(const gateway::CallRecord &record, const gateway::api::Gateway &gateway)
{
    const auto listener = gateway.listener();
    const QString address = bridge::qt(listener.address.empty() ? gateway.config()->gateway.listen : listener.address);
    const QString scheme = listener.tls ? u"https"_s : u"http"_s;
    QString command = u"curl %1%2://%3%4 \\\n  -H 'Authorization: Bearer %5'"_s.arg(record.stream ? u"-N "_s : QString(), scheme, address, pathOfEndpoint(record.endpoint), QLatin1StringView(placeholderKey));
    if (record.endpoint == Endpoint::Models)
        return command;
    const bool whole = !record.bodies.request.empty() && !record.bodies.requestCut;
    command += u" \\\n  -H 'Content-Type: application/json' \\\n  --data-raw "_s;
    return command + shellQuoted(whole ? bridge::qt(record.bodies.request) : smallBody(record));
}

} // namespace ui::calls
