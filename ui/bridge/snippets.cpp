// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/snippets.h"

using namespace Qt::StringLiterals;

namespace ui::bridge {

QString Snippet::curl() const
{
    return u"curl %1/v1/chat/completions \\\n"
           "  -H \"Authorization: Bearer %2\" \\\n"
           "  -H \"Content-Type: application/json\" \\\n"
           "  -d '{\n"
           "    \"model\": \"%3\",\n"
           "    \"messages\": [{\"role\": \"user\", \"content\": \"Say hello\"}]\n"
           "  }'"_s.arg(origin, secret, model);
}

QString Snippet::python() const
{
    return u"from openai import OpenAI\n\n"
           "client = OpenAI(\n"
           "    base_url=\"%1/v1\",\n"
           "    api_key=\"%2\")\n\n"
           "answer = client.chat.completions.create(\n"
           "    model=\"%3\",\n"
           "    messages=[{\"role\": \"user\", \"content\": \"Say hello\"}])\n"
           "print(answer.choices[0].message.content)"_s.arg(origin, secret, model);
}

QString Snippet::node() const
{
    return u"import OpenAI from \"openai\";\n\n"
           "const client = new OpenAI({\n"
           "  baseURL: \"%1/v1\",\n"
           "  apiKey: \"%2\",\n"
           "});\n\n"
           "const answer = await client.chat.completions.create({\n"
           "  model: \"%3\",\n"
           "  messages: [{ role: \"user\", content: \"Say hello\" }],\n"
           "});\n"
           "console.log(answer.choices[0].message.content);"_s.arg(origin, secret, model);
}

QString Snippet::environment() const
{
    return u"export OPENAI_BASE_URL=%1/v1\n"
           "export OPENAI_API_KEY=%2"_s.arg(origin, secret);
}

QString originOf(const QString &address, bool tls)
{
    QString reachable = address;
    if (address.startsWith(u"0.0.0.0:"_s))
        reachable = u"127.0.0.1"_s + address.mid(7);
    else if (address.startsWith(u"[::]:"_s))
        reachable = u"[::1]"_s + address.mid(4);
    return (tls ? u"https://"_s : u"http://"_s) + reachable;
}

} // namespace ui::bridge
