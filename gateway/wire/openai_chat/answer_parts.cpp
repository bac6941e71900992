// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_chat/answer_parts.h"

#include "gateway/wire/openai_chat/finish_words.h"

namespace gateway::wire::openai_chat {

void writeReasoningDetail(JsonWriter &json, const ThinkingDelta &delta)
{
    json.object();
    if (!delta.redacted.empty())
        json.textMember("type", "reasoning.encrypted").member("data", delta.redacted);
    else
        json.textMember("type", "reasoning.text").memberIf("text", delta.text).memberIf("signature", delta.signature);
    json.textMember("format", reasoningFormat(delta.issuer)).endObject();
}

void writeAnnotation(JsonWriter &json, const CitationFound &citation)
{
    json.object().textMember("type", "url_citation").object("url_citation");
    json.member("url", citation.url).member("title", citation.title);
    if (citation.from >= 0 && citation.to >= 0)
        json.member("start_index", citation.from).member("end_index", citation.to);
    json.endObject().endObject();
}

void writeSignature(JsonWriter &json, Chars signature)
{
    if (!signature.empty())
        json.object("extra_content").object("google").member("thought_signature", signature).endObject().endObject();
}

} // namespace gateway::wire::openai_chat
