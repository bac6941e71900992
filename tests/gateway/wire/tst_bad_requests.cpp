// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/call_record.h"
#include "gateway/wire/codecs.h"
#include "gateway/wire/embeddings/request.h"
#include "gateway/wire/json_members.h"
#include "gateway/wire/request_scan.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <array>
#include <functional>
#include <string>

using namespace gateway;
using namespace gateway::wire;
using nlohmann::ordered_json;

namespace {

/// A front door, with a body that has a bit of everything.
struct Door
{
    const char *name;
    Endpoint endpoint;
    WireFormat format; ///< of chats; embeddings have a reader of their own
    const char *body;
};

constexpr std::array doors {
    Door {"chat completions", Endpoint::ChatCompletions, WireFormat::OpenAiChat,
          R"({"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","name":"n","content":[{"type":"text","text":"t","cache_control":{"type":"ephemeral"}},)"
          R"({"type":"image_url","image_url":{"url":"https://x.example/a.png","detail":"low"}},{"type":"input_audio","input_audio":{"data":"UklG","format":"wav"}},)"
          R"({"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"}}]},{"role":"assistant","content":null,"refusal":"r","reasoning_content":"h",)"
          R"("reasoning_details":[{"type":"reasoning.text","text":"h","signature":"s","format":"anthropic-claude-v1"}],"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},)"
          R"({"role":"tool","tool_call_id":"c","content":"x"}],"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{}},"strict":true}}],)"
          R"("tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":true,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}},)"
          R"("reasoning_effort":"low","max_completion_tokens":9,"n":1,"stop":["a"],"stream":false,"stream_options":{"include_usage":true},"temperature":0.5,"top_p":1,"seed":7,"frequency_penalty":0,)"
          R"("presence_penalty":0,"logit_bias":{"1":2},"logprobs":true,"top_logprobs":2,"user":"u","service_tier":"auto","verbosity":"low","metadata":{"a":"b"}})"},
    Door {"responses", Endpoint::Responses, WireFormat::OpenAiResponses,
          R"({"model":"m","instructions":"i","input":[{"role":"user","content":[{"type":"input_text","text":"t"},{"type":"input_image","image_url":"https://x.example/a.png","detail":"low"},)"
          R"({"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"}]},{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"h"}],"encrypted_content":"e"},)"
          R"({"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},)"
          R"({"type":"function_call_output","call_id":"c","output":"x"}],"tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object","properties":{}},"strict":true}],)"
          R"("tool_choice":{"type":"function","name":"f"},"parallel_tool_calls":true,"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true},"verbosity":"low"},)"
          R"("reasoning":{"effort":"low","summary":"auto"},"max_output_tokens":20,"stream":false,"temperature":0.5,"top_p":1,"top_logprobs":2,"include":["message.output_text.logprobs"],)"
          R"("user":"u","service_tier":"auto","metadata":{"a":"b"},"store":false,"truncation":"disabled"})"},
    Door {"messages", Endpoint::Messages, WireFormat::Anthropic,
          R"({"model":"m","max_tokens":9,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"t"},)"
          R"({"type":"image","source":{"type":"url","url":"https://x.example/a.png"}},{"type":"document","title":"d","citations":{"enabled":true},"source":{"type":"base64","media_type":"application/pdf","data":"JVBE"}}]},)"
          R"({"role":"assistant","content":[{"type":"thinking","thinking":"h","signature":"s"},{"type":"redacted_thinking","data":"r"},{"type":"tool_use","id":"c","name":"f","input":{"a":1}}]},)"
          R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"x"}],"is_error":false}]}],"tools":[{"name":"f","description":"d","input_schema":{"type":"object"}}],)"
          R"("tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},"stop_sequences":["a"],"stream":false,"temperature":0.5,"top_p":1,"top_k":5,"metadata":{"user_id":"u"},)"
          R"("thinking":{"type":"enabled","budget_tokens":1024},"output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object"}}},"service_tier":"auto"})"},
    Door {"generateContent", Endpoint::GenerateContent, WireFormat::Gemini,
          R"({"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[{"text":"t"},{"inlineData":{"mimeType":"image/png","data":"iVBO"}},{"fileData":{"mimeType":"image/png","fileUri":"https://x.example/a.png"}}]},)"
          R"({"role":"model","parts":[{"text":"h","thought":true,"thoughtSignature":"c2ln"},{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"c2ln"}]},)"
          R"({"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":"x"}}}]}],"tools":[{"functionDeclarations":[{"name":"f","description":"d","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}}]}],)"
          R"("toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},"generationConfig":{"temperature":0.5,"topP":1,"topK":5,"maxOutputTokens":9,"candidateCount":1,"stopSequences":["a"],"seed":7,)"
          R"("responseMimeType":"application/json","responseSchema":{"type":"OBJECT"},"thinkingConfig":{"thinkingBudget":1024,"includeThoughts":true}},"safetySettings":[]})"},
    Door {"embeddings", Endpoint::Embeddings, WireFormat::OpenAiChat, R"({"model":"m","input":["a","b"],"dimensions":8,"encoding_format":"float","user":"u"})"},
};

/// What the front door and the format's reader say; nullopt: both take it.
std::optional<Error> refusal(const Door &door, const std::string &body)
{
    const auto scan = scanRequest(body, door.endpoint, door.endpoint == Endpoint::GenerateContent ? "m" : "");
    if (!scan)
        return scan.error();
    if (door.endpoint == Endpoint::Embeddings) {
        const auto read = embeddings::readEmbeddingsRequest(body);
        return read ? std::nullopt : std::optional(read.error());
    }
    const auto read = readRequest(door.format, body);
    return read ? std::nullopt : std::optional(read.error());
}

/// Writes what was taken for every provider: nothing breaks, and what was JSON stays JSON.
bool staysJson(const Door &door, const std::string &body)
{
    if (door.endpoint == Endpoint::Embeddings)
        return true;
    const auto read = readRequest(door.format, body);
    for (int format = 0; read && format <= static_cast<int>(WireFormat::OllamaChat); ++format)
        if (!isJson(writeRequest(static_cast<WireFormat>(format), *read, {.model = "m"}).body))
            return false;
    return true;
}

/// Calls change(value) for every value of a tree, one after another, with the name of the member at its top.
void eachValue(ordered_json &root, const std::function<void(ordered_json &, const std::string &)> &change)
{
    const std::function<void(ordered_json &, const std::string &)> walk = [&](ordered_json &at, const std::string &top) {
        change(at, top);
        if (at.is_structured())
            for (auto it = at.begin(); it != at.end(); ++it)
                walk(*it, top);
    };
    for (auto &[name, value] : root.items())
        walk(value, name);
}

const Door &door(const char *name)
{
    return *std::ranges::find_if(doors, [&](const Door &each) { return std::string_view(each.name) == name; });
}

} // namespace

/// Whatever a caller sends: a 400 with words and a place, or a request that can be passed on.
class tst_BadRequests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bodiesAreGood_data() { eachDoor(); }
    void bodiesAreGood();
    void everyPrefixIsRefused_data() { eachDoor(); }
    void everyPrefixIsRefused();
    void everyByteMayBeWrong_data() { eachDoor(); }
    void everyByteMayBeWrong();
    void wrongTypesAreNamed_data() { eachDoor(); }
    void wrongTypesAreNamed();
    void mistakesAreNamed_data();
    void mistakesAreNamed();
    void nestingIsBounded_data() { eachDoor(); }
    void nestingIsBounded();

private:
    static void eachDoor()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < doors.size(); ++i)
            QTest::newRow(doors[i].name) << static_cast<int>(i);
    }
    static const Door &current()
    {
        QFETCH(int, index);
        return doors[static_cast<std::size_t>(index)];
    }
};

void tst_BadRequests::bodiesAreGood()
{
    const auto error = refusal(current(), current().body);
    QVERIFY2(!error, error ? error->message.c_str() : "");
    QVERIFY(staysJson(current(), current().body));
}

void tst_BadRequests::everyPrefixIsRefused()
{
    const std::string whole = current().body;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto error = refusal(current(), whole.substr(0, size));
        QVERIFY2(error && error->code == ErrorCode::BadRequest && !error->message.empty(), qPrintable(QString::number(size)));
    }
}

void tst_BadRequests::everyByteMayBeWrong()
{
    const std::string whole = current().body;
    int taken = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const char wrong : {'{', '}', '[', '"', ',', ':', '\\', '0', 'x', '\0', '\n', '\xff'}) {
            std::string body = whole;
            body[at] = wrong;
            const auto error = refusal(current(), body);
            QVERIFY2(!error || !error->message.empty(), body.c_str());
            const bool json = nlohmann::json::accept(body);
            if (json && !error) {
                ++taken;
                QVERIFY2(staysJson(current(), body), body.c_str());
            }
        }
    }
    QVERIFY(taken > 100); // within texts, mostly
}

void tst_BadRequests::wrongTypesAreNamed()
{
    const auto good = ordered_json::parse(current().body);
    int refused = 0, values = 0;
    ordered_json body = good;
    eachValue(body, [&](ordered_json &value, const std::string &top) {
        const ordered_json before = value;
        ++values;
        for (const ordered_json &other : {ordered_json(7), ordered_json(1.5), ordered_json(true), ordered_json("x"), ordered_json::array(), ordered_json::object(), ordered_json(nullptr)}) {
            value = other;
            const auto error = refusal(current(), body.dump());
            if (error) {
                ++refused;
                if (error->code != ErrorCode::BadRequest || error->message.empty() || (!error->where.empty() && !error->where.starts_with(top)))
                    QFAIL(qPrintable(QStringLiteral("%1: \"%2\" at \"%3\"").arg(QString::fromStdString(body.dump()), QString::fromStdString(error->message), QString::fromStdString(error->where))));
            } else if (!staysJson(current(), body.dump())) {
                QFAIL(body.dump().c_str());
            }
        }
        value = before;
    });
    QVERIFY2(refused > values, qPrintable(QStringLiteral("%1 of %2").arg(refused).arg(values * 7)));
}

void tst_BadRequests::mistakesAreNamed_data()
{
    QTest::addColumn<QByteArray>("doorName");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("where");
    const auto row = [](const char *name, const char *doorName, const char *body, const char *where) { QTest::newRow(name) << QByteArray(doorName) << QByteArray(body) << QByteArray(where); };
    row("unknown role", "chat completions", R"({"model":"m","messages":[{"role":"robot","content":"x"}]})", "messages.0.role");
    row("unknown role of a response", "responses", R"({"model":"m","input":[{"role":"robot","content":"x"}]})", "input.0.role");
    row("unknown role of a message", "messages", R"({"model":"m","max_tokens":1,"messages":[{"role":"robot","content":"x"}]})", "messages.0.role");
    row("unknown role of contents", "generateContent", R"({"contents":[{"role":"robot","parts":[{"text":"x"}]}]})", "contents.0.role");
    row("deep", "chat completions", R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":[]}]}]})", "messages.0.content.0.text");
    row("huge integer", "chat completions", R"({"model":"m","messages":[],"max_tokens":99999999999999999999})", "max_tokens");
    row("beyond doubles", "chat completions", R"({"model":"m","messages":[],"max_tokens":1e999})", "max_tokens");
    row("half a token", "messages", R"({"model":"m","max_tokens":1.5,"messages":[]})", "max_tokens");
    row("huge budget", "messages", R"({"model":"m","max_tokens":1,"messages":[],"thinking":{"type":"enabled","budget_tokens":1e30}})", "thinking.budget_tokens");
    row("huge limit", "generateContent", R"({"contents":[],"generationConfig":{"maxOutputTokens":18446744073709551616}})", "generationConfig.maxOutputTokens");
    row("no number", "chat completions", R"({"model":"m","messages":[],"temperature":1.2.3})", "temperature");
    row("no number either", "messages", R"({"model":"m","max_tokens":1,"messages":[],"top_p":-})", "top_p");
    row("leading zero", "responses", R"({"model":"m","input":"x","temperature":01})", "temperature");
    row("twice", "chat completions", R"({"model":"m","messages":[],"messages":[]})", "messages");
    row("twice, escaped", "chat completions", R"({"model":"m","messages":[],"m\u006fdel":"other"})", "model");
    row("dimensions", "embeddings", R"({"model":"m","input":"x","dimensions":99999999999999999999})", "dimensions");
    row("a call of nothing", "chat completions", R"({"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function"}]}]})", "messages.0.tool_calls.0.function.name");
    row("an old call of nothing", "chat completions", R"({"model":"m","messages":[{"role":"assistant","function_call":{"arguments":"{}"}}]})", "messages.0.function_call.name");
    row("a use of nothing", "messages", R"({"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"c","input":{}}]}]})", "messages.0.content.0.name");
    row("a picture of nothing", "chat completions", R"({"model":"m","messages":[{"role":"user","content":[{"type":"image_url"}]}]})", "messages.0.content.0.image_url.url");
    row("a sound of nothing", "chat completions", R"({"model":"m","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"format":"wav"}}]}]})", "messages.0.content.0.input_audio.data");
    row("a file of nothing", "chat completions", R"({"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf"}}]}]})", "messages.0.content.0.file.file_data");
    row("a response's file of nothing", "responses", R"({"model":"m","input":[{"role":"user","content":[{"type":"input_file","filename":"a.pdf"}]}]})", "input.0.content.0.file_data");
    row("a choice of nothing", "chat completions", R"({"model":"m","messages":[],"tool_choice":{"type":"function"}})", "tool_choice.function.name");
    row("a message's choice of nothing", "messages", R"({"model":"m","max_tokens":1,"messages":[],"tool_choice":{"type":"tool"}})", "tool_choice.name");
    row("a use without an id", "messages", R"({"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[{"type":"tool_use","name":"f","input":{}}]}]})", "messages.0.content.0.id");
    row("an answer's picture of nothing", "generateContent", R"({"contents":[{"role":"function","parts":[{"functionResponse":{"name":"f","response":{},"parts":[{"inlineData":{"mimeType":"image/png"}}]}}]}]})", "contents.0.parts.0.functionResponse.parts");
    row("an old function of nothing", "chat completions", R"({"model":"m","messages":[],"functions":[{"description":"d"}]})", "functions.0.name");
    row("no input", "embeddings", R"({"model":"m","input":{}})", "input");
}

void tst_BadRequests::mistakesAreNamed()
{
    QFETCH(QByteArray, doorName);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, where);
    const auto error = refusal(door(doorName.constData()), body.toStdString());
    QVERIFY(error);
    QCOMPARE(error->code, ErrorCode::BadRequest);
    QCOMPARE(QByteArray::fromStdString(error->where), where);
    QVERIFY2(error->message.find(where.toStdString()) != std::string::npos, error->message.c_str());
}

void tst_BadRequests::nestingIsBounded()
{
    const std::string whole = current().body;
    for (const auto &[open, close] : {std::pair("[", "]"), std::pair("{\"a\":", "}")}) {
        std::string nested;
        for (int i = 0; i < 100'000; ++i)
            nested += open;
        nested += "1";
        for (int i = 0; i < 100'000; ++i)
            nested += close;
        const std::string body = whole.substr(0, whole.size() - 1) + ",\"future\":" + nested + "}";
        const auto error = refusal(current(), body);
        QVERIFY(error && error->code == ErrorCode::BadRequest);
        QVERIFY(error->message.size() < 500);
    }
}

QTEST_APPLESS_MAIN(tst_BadRequests)
#include "tst_bad_requests.moc"
