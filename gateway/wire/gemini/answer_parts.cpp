// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/answer_parts.h"

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/tool_arguments.h"

#include <algorithm>
#include <array>
#include <string>

namespace gateway::wire::gemini {

void writeText(JsonWriter &json, Chars text, bool thought, Chars signature)
{
    json.object().member("text", text);
    if (thought)
        json.member("thought", true);
    json.memberIf("thoughtSignature", signature).endObject();
}

void writeCall(JsonWriter &json, Chars id, Chars name, std::string_view arguments, Chars signature)
{
    json.object().object("functionCall").memberIf("id", id).member("name", name).key("args");
    const std::string plain = unescapeJson(arguments);
    writeToolArguments(json, {plain});
    json.endObject().memberIf("thoughtSignature", signature).endObject();
}

void writeSource(JsonWriter &json, Chars url, Chars title)
{
    json.object().object("web").member("uri", url).memberIf("title", title).endObject().endObject();
}

bool isBlockedPrompt(FinishReason reason, std::string_view refusal)
{
    return !refusal.empty() && (reason == FinishReason::ContentFilter || reason == FinishReason::Refusal);
}

void writePromptFeedback(JsonWriter &json, std::string_view nativeReason, Chars refusal)
{
    constexpr std::array<std::string_view, 7> words {"SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "MODEL_ARMOR", "JAILBREAK"};
    const bool known = std::ranges::find(words, nativeReason) != words.end();
    json.object("promptFeedback").textMember("blockReason", known ? nativeReason : words.front()).member("blockReasonMessage", refusal).endObject();
}

void writeUsage(JsonWriter &json, const TokenUsage &usage)
{
    const std::int64_t thoughts = std::min(usage.reasoning, usage.output);
    json.object("usageMetadata").member("promptTokenCount", usage.input).member("candidatesTokenCount", usage.output - thoughts).member("totalTokenCount", usage.total());
    if (usage.cachedInput > 0)
        json.member("cachedContentTokenCount", usage.cachedInput);
    if (thoughts > 0)
        json.member("thoughtsTokenCount", thoughts);
    json.endObject();
}

} // namespace gateway::wire::gemini
