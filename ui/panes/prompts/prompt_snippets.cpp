// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/prompt_snippets.h"

#include "gateway/config/prompt_variables.h"
#include "ui/bridge/python_literal.h"
#include "ui/bridge/text.h"

#include <nlohmann/json.hpp>

#include <QUrl>

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using gateway::config::PromptVariable;
using gateway::config::PromptVersion;
using gateway::config::VariableType;
using nlohmann::ordered_json;

namespace {

constexpr QLatin1StringView placeholderKey("sb-YOUR-KEY");

ordered_json exampleOf(const PromptVariable &variable)
{
    if (!variable.defaultValue.empty()) {
        auto value = ordered_json::parse(variable.defaultValue, nullptr, false);
        if (!value.is_discarded())
            return value;
    }
    switch (variable.type) {
    case VariableType::Text: return variable.oneOf.empty() ? variable.name : variable.oneOf.front();
    case VariableType::Number: {
        const double number = variable.least.value_or(variable.most.value_or(1));
        return std::floor(number) == number ? ordered_json(static_cast<std::int64_t>(number)) : ordered_json(number);
    }
    case VariableType::Boolean: return true;
    case VariableType::List: return ordered_json::array();
    case VariableType::Object: return ordered_json::object();
    }
    return nullptr;
}

ordered_json examples(const PromptVersion &version)
{
    ordered_json values = ordered_json::object();
    for (const PromptVariable &variable : gateway::config::variablesOf(version))
        values[variable.name] = exampleOf(variable);
    return values;
}

/// JSON of several lines, its later ones further in.
QString indented(const ordered_json &value, int spaces)
{
    QString text = qt(value.dump(2));
    return text.replace(u'\n', u'\n' + QString(spaces, u' '));
}

QString encoded(const QString &reference) { return QString::fromLatin1(QUrl::toPercentEncoding(reference, "@")); }

QString curl(Naming naming, const QString &origin, const QString &reference, const PromptVersion &version)
{
    ordered_json body = ordered_json::object();
    if (version.model.empty())
        body["model"] = "MODEL";
    if (naming == Naming::Body)
        body["prompt_id"] = bridge::utf8(reference);
    body["prompt_variables"] = examples(version);
    const QString path = naming == Naming::Endpoint ? u"/v1/prompts/%1/completions"_s.arg(encoded(reference)) : u"/v1/chat/completions"_s;
    QString text = u"curl "_s + origin + path + u" \\\n  -H 'Authorization: Bearer "_s + placeholderKey + u"' \\\n  -H 'Content-Type: application/json' \\\n"_s;
    if (naming == Naming::Header)
        text += u"  -H 'x-signalbox-prompt: "_s + reference + u"' \\\n"_s;
    QString json = qt(body.dump(2)).replace(u'\'', u"'\\''"_s);
    return text + u"  -d '"_s + json + u'\'';
}

/// The SDKs want a model and messages; a version that names a model has its own in their place, and its messages go first.
QString modelOf(const PromptVersion &version) { return version.model.empty() ? u"MODEL"_s : qt(version.model); }

QString python(Naming naming, const QString &origin, const QString &reference, const PromptVersion &version)
{
    ordered_json extra = ordered_json::object();
    if (naming == Naming::Body)
        extra["prompt_id"] = bridge::utf8(reference);
    extra["prompt_variables"] = examples(version);
    if (naming == Naming::Endpoint) {
        ordered_json body = ordered_json::object();
        if (version.model.empty())
            body["model"] = "MODEL";
        body["prompt_variables"] = extra["prompt_variables"];
        return u"import httpx\n\nanswer = httpx.post(\n    \"%1/v1/prompts/%2/completions\",\n    headers={\"Authorization\": \"Bearer %3\"},\n    json="_s.arg(origin, encoded(reference), placeholderKey)
            + bridge::pythonLiteral(body, 4) + u",\n    timeout=60)\nprint(answer.json()[\"choices\"][0][\"message\"][\"content\"])"_s;
    }
    QString text = u"from openai import OpenAI\n\nclient = OpenAI(\n    base_url=\"%1/v1\",\n    api_key=\"%2\")\n\nanswer = client.chat.completions.create(\n    model=\"%3\",\n    messages=[],\n"_s.arg(
        origin, placeholderKey, modelOf(version));
    if (naming == Naming::Header)
        text += u"    extra_headers={\"x-signalbox-prompt\": \"%1\"},\n"_s.arg(reference);
    return text + u"    extra_body="_s + bridge::pythonLiteral(extra, 4) + u")\nprint(answer.choices[0].message.content)"_s;
}

QString javaScript(Naming naming, const QString &origin, const QString &reference, const PromptVersion &version)
{
    if (naming == Naming::Endpoint) {
        ordered_json body = ordered_json::object();
        if (version.model.empty())
            body["model"] = "MODEL";
        body["prompt_variables"] = examples(version);
        return u"const response = await fetch(\"%1/v1/prompts/%2/completions\", {\n  method: \"POST\",\n  headers: {\n    Authorization: \"Bearer %3\",\n    \"Content-Type\": \"application/json\",\n  },\n  body: JSON.stringify("_s.arg(
                   origin, encoded(reference), placeholderKey)
            + indented(body, 2) + u"),\n});\nconst answer = await response.json();\nconsole.log(answer.choices[0].message.content);"_s;
    }
    QString text = u"import OpenAI from \"openai\";\n\nconst client = new OpenAI({\n  baseURL: \"%1/v1\",\n  apiKey: \"%2\",\n});\n\nconst answer = await client.chat.completions.create({\n  model: \"%3\",\n  messages: [],\n"_s.arg(
        origin, placeholderKey, modelOf(version));
    if (naming == Naming::Body)
        text += u"  prompt_id: \"%1\",\n"_s.arg(reference);
    text += u"  prompt_variables: "_s + indented(examples(version), 2) + u",\n}"_s;
    if (naming == Naming::Header)
        text += u", {\n  headers: { \"x-signalbox-prompt\": \"%1\" },\n}"_s.arg(reference);
    return text + u");\nconsole.log(answer.choices[0].message.content);"_s;
}

} // namespace

QString exampleVariables(const PromptVersion &version) { return qt(examples(version).dump()); }

QString promptSnippet(Naming naming, Speech speech, const QString &origin, const QString &reference, const PromptVersion &version)
{
    switch (speech) {
    case Speech::Curl: return curl(naming, origin, reference, version);
    case Speech::Python: return python(naming, origin, reference, version);
    case Speech::JavaScript: return javaScript(naming, origin, reference, version);
    }
    return {};
}

} // namespace ui::prompts
