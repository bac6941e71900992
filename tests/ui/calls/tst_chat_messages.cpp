// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/chat_messages.h"

#include "tests/gateway/wire/recordings.h"

#include <QTest>

using namespace Qt::StringLiterals;
using gateway::Endpoint;
using namespace ui::calls;

namespace {

/// "role: text <thinking> tool(arguments) [note]", one line a message.
QString shown(const QList<ChatMessage> &messages)
{
    QStringList lines;
    for (const ChatMessage &message : messages) {
        QString line = message.role + u':';
        if (!message.text.isEmpty())
            line += u' ' + message.text;
        if (!message.thinking.isEmpty())
            line += u" <"_s + message.thinking + u'>';
        for (const ChatMessage::ToolCall &tool : message.tools)
            line += u' ' + tool.name + u'(' + tool.arguments + u')';
        if (!message.note.isEmpty())
            line += u" ["_s + message.note + u']';
        lines.append(line);
    }
    return lines.join(u" | "_s);
}

/// Events of a stream from their data lines.
std::string events(std::initializer_list<const char *> datas)
{
    QByteArray text;
    for (const char *data : datas)
        text.append("event: x\ndata: ").append(data).append("\n\n");
    return text.toStdString();
}

bool tells(const QList<ChatMessage> &messages)
{
    return !messages.isEmpty() && std::ranges::any_of(messages, [](const ChatMessage &one) { return !one.text.isEmpty() || !one.thinking.isEmpty() || !one.tools.isEmpty() || !one.note.isEmpty(); });
}

} // namespace

class tst_ChatMessages : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsRequests_data();
    void readsRequests();
    void readsAnswers_data();
    void readsAnswers();
    void joinsStreams_data();
    void joinsStreams();
    void aCutStreamIsShownAsFarAsItCame();
    void anyBytesAreRead();
    void recordedTrafficIsReadable();
};

void tst_ChatMessages::readsRequests_data()
{
    QTest::addColumn<int>("endpoint");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, Endpoint endpoint, const char *body, const char *expected) { QTest::newRow(name) << int(endpoint) << QString::fromUtf8(body) << QString::fromUtf8(expected); };
    row("openai", Endpoint::ChatCompletions,
        R"({"messages":[{"role":"system","content":"Be short."},{"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":"data:"}}]},
            {"role":"assistant","content":null,"tool_calls":[{"id":"c1","function":{"name":"find","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"found"}]})",
        "system: Be short. | user: What is it?\n[image] | assistant: find({}) | tool: found [c1]");
    row("anthropic", Endpoint::Messages,
        R"({"system":[{"type":"text","text":"Be short."},{"type":"text","text":"Be kind."}],"messages":[{"role":"user","content":"Hi"},
            {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"x"},{"type":"text","text":"Let me see."},{"type":"tool_use","id":"t1","name":"find","input":{"q":1}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"nothing"}],"is_error":true},{"type":"text","text":"And now?"}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t2","content":"found"}]}]})",
        "system: Be short.\nBe kind. | user: Hi | assistant: Let me see. <Hm.> find({\"q\":1}) | tool: nothing [t1, failed] | user: And now? | tool: found [t2]");
    row("gemini", Endpoint::GenerateContent,
        R"({"systemInstruction":{"parts":[{"text":"Be short."}]},"contents":[{"role":"user","parts":[{"text":"What is "},{"text":"it?"},{"inlineData":{"mimeType":"image/png","data":"AA"}}]},
            {"role":"model","parts":[{"functionCall":{"name":"find","args":{"q":1}},"thoughtSignature":"x"}]},{"role":"user","parts":[{"functionResponse":{"name":"find","response":{"result":"found"}}}]}]})",
        "system: Be short. | user: What is it?\n[image/png] | assistant: find({\"q\":1}) | tool: {\"result\":\"found\"} [find]");
    row("responses", Endpoint::Responses,
        R"({"instructions":"Be short.","input":[{"role":"user","content":"Hi"},{"type":"reasoning","id":"r","summary":[],"encrypted_content":"x"},{"type":"function_call","call_id":"c1","name":"find","arguments":"{}"},
            {"type":"function_call_output","call_id":"c1","output":"found"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"There."}]},{"role":"user","content":[{"type":"input_text","text":"Thanks"}]}]})",
        "system: Be short. | user: Hi | assistant: <[thinking, sealed by the provider]> find({}) | tool: found [c1] | assistant: There. | user: Thanks");
    row("responses, a string", Endpoint::Responses, R"({"input":"Hi"})", "user: Hi");
    row("embeddings", Endpoint::Embeddings, R"({"input":["Hi","there"]})", "input: Hi\n\nthere");
    row("completions", Endpoint::Completions, R"({"prompt":"Once"})", "user: Once");
}

void tst_ChatMessages::readsRequests()
{
    QFETCH(int, endpoint);
    QFETCH(QString, body);
    QFETCH(QString, expected);
    QCOMPARE(shown(requestMessages(Endpoint(endpoint), body.toStdString())), expected);
}

void tst_ChatMessages::readsAnswers_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *body, const char *expected) { QTest::newRow(name) << QString::fromUtf8(body) << QString::fromUtf8(expected); };
    row("openai", R"({"object":"chat.completion","choices":[{"message":{"role":"assistant","content":"There.","reasoning_content":"Hm."},"finish_reason":"stop"}]})", "assistant: There. <Hm.> [stop]");
    row("openai refusal", R"({"choices":[{"message":{"role":"assistant","content":null,"refusal":"I cannot."},"finish_reason":"stop"}]})", "assistant: I cannot. [stop]");
    row("openai error", R"({"error":{"message":"No.","type":"invalid_request_error","code":"model_not_found"}})", "error: No. [model_not_found]");
    row("embeddings", R"({"data":[{"object":"embedding","embedding":[0.1,0.2]}]})", "assistant: 1 vector of 2 numbers");
    row("anthropic", R"({"type":"message","role":"assistant","content":[{"type":"thinking","thinking":"Hm."},{"type":"text","text":"The "},{"type":"text","text":"end","citations":[]},{"type":"tool_use","name":"find","input":{}}],"stop_reason":"tool_use"})",
        "assistant: The end <Hm.> find({}) [tool_use]");
    row("anthropic error", R"({"type":"error","error":{"type":"overloaded_error","message":"Busy"}})", "error: Busy [overloaded_error]");
    row("anthropic count", R"({"input_tokens":23})", "assistant: 23 tokens");
    row("gemini", R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Hm.","thought":true},{"text":"The "},{"text":"end"},{"functionCall":{"name":"find","args":{"q":1}}}]},"finishReason":"STOP"}]})",
        "assistant: The end <Hm.> find({\"q\":1}) [STOP]");
    row("gemini blocked", R"({"promptFeedback":{"blockReason":"SAFETY","blockReasonMessage":"Not this."}})", "error: Not this. [SAFETY]");
    row("gemini error", R"({"error":{"code":400,"message":"No key.","status":"INVALID_ARGUMENT"}})", "error: No key. [INVALID_ARGUMENT]");
    row("gemini stream as an array", R"([{"candidates":[{"content":{"parts":[{"text":"The "}]}}]},{"candidates":[{"content":{"parts":[{"text":"end"}]},"finishReason":"MAX_TOKENS"}]}])", "assistant: The end [MAX_TOKENS]");
    row("responses", R"({"object":"response","status":"incomplete","error":null,"incomplete_details":{"reason":"max_output_tokens"},"output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}]},
        {"type":"message","role":"assistant","content":[{"type":"output_text","text":"There."}]},{"type":"function_call","name":"find","arguments":"{}"}]})",
        "assistant: There. <Hm.> find({}) [max_output_tokens]");
}

void tst_ChatMessages::readsAnswers()
{
    QFETCH(QString, body);
    QFETCH(QString, expected);
    QCOMPARE(shown(answerMessages(body.toStdString())), expected);
}

void tst_ChatMessages::joinsStreams_data()
{
    QTest::addColumn<std::string>("body");
    QTest::addColumn<QString>("expected");
    QTest::newRow("openai") << events({R"({"choices":[{"index":0,"delta":{"role":"assistant","content":"Th"}}]})", R"({"choices":[{"index":0,"delta":{"content":"ere."},"finish_reason":"stop"}]})", "[DONE]"}) << u"assistant: There. [stop]"_s;
    QTest::newRow("anthropic") << events({R"({"type":"message_start","message":{"role":"assistant","content":[]}})", R"({"type":"ping"})",
                                          R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}})", R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}})",
                                          R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"x"}})",
                                          R"({"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}})", R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Th"}})",
                                          R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"ere."}})", R"({"type":"content_block_start","index":2,"content_block":{"type":"tool_use","name":"find","input":{}}})",
                                          R"({"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"[1"}})", R"({"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":",2]"}})",
                                          R"({"type":"message_delta","delta":{"stop_reason":"tool_use"}})", R"({"type":"message_stop"})"})
                               << u"assistant: There. <Hm.> find([1,2]) [tool_use]"_s;
    QTest::newRow("anthropic error") << events({R"({"type":"message_start","message":{}})", R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Th"}})",
                                                R"({"type":"error","error":{"type":"overloaded_error","message":"Busy"}})"})
                                     << u"assistant: Th | error: Busy [overloaded_error]"_s;
    QTest::newRow("gemini") << events({R"({"candidates":[{"content":{"parts":[{"text":"Hm.","thought":true}]}}]})", R"({"candidates":[{"content":{"parts":[{"text":"Th"}]}}]})",
                                       R"({"candidates":[{"content":{"parts":[{"text":"ere."}]},"finishReason":"STOP"}],"usageMetadata":{}})"})
                            << u"assistant: There. <Hm.> [STOP]"_s;
    QTest::newRow("responses") << events({R"({"type":"response.created","response":{"status":"in_progress","error":null,"output":[]}})", R"({"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","summary":[]}})",
                                          R"({"type":"response.reasoning_summary_text.delta","output_index":0,"delta":"Hm."})", R"({"type":"response.output_item.added","output_index":1,"item":{"type":"message","role":"assistant","content":[]}})",
                                          R"({"type":"response.output_text.delta","output_index":1,"delta":"Th"})", R"({"type":"response.output_text.delta","output_index":1,"delta":"ere."})",
                                          R"({"type":"response.output_item.done","output_index":1,"item":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"There."}]}})",
                                          R"({"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","name":"find","arguments":""}})",
                                          R"({"type":"response.function_call_arguments.delta","output_index":2,"delta":"{}"})", R"({"type":"response.completed","response":{"status":"completed"}})"})
                               << u"assistant: There. <Hm.> find({}) [completed]"_s;
    QTest::newRow("responses error, said twice") << events({R"({"type":"error","error":{"code":"quota","message":"No more."}})", R"({"type":"response.failed","response":{"status":"failed","error":{"code":"quota","message":"No more."}}})"})
                                                 << u"error: No more. [quota]"_s;
    QTest::newRow("responses error as documented") << events({R"({"type":"error","code":"quota","message":"No more."})"}) << u"error: No more. [quota]"_s;
}

void tst_ChatMessages::joinsStreams()
{
    QFETCH(std::string, body);
    QFETCH(QString, expected);
    QCOMPARE(shown(answerMessages(body)), expected);
}

void tst_ChatMessages::aCutStreamIsShownAsFarAsItCame()
{
    const std::string openItem = R"({"type":"response.output_item.added","output_index":0,"item":{"type":"message","role":"assistant","content":[]}})";
    const std::string delta = R"({"type":"response.output_text.delta","output_index":0,"delta":"Only so f"})";
    QCOMPARE(shown(answerMessages(events({openItem.c_str(), delta.c_str(), "{\"type\":\"respon"}))), u"assistant: Only so f"_s);
    QCOMPARE(shown(answerMessages("data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Only\"}]}}]}\n\ndata: {\"candi")), u"assistant: Only"_s);
}

void tst_ChatMessages::anyBytesAreRead()
{
    for (const char *body : {"", "{", "[", "null", "data: 1\ndata: [1]\ndata: null", R"({"messages":[1,null,[]],"contents":5,"system":7})", R"({"type":"message","content":5})", R"({"choices":[null]})",
                             R"({"object":"response","output":[null,1]})", R"({"candidates":[1]})", "data: {\"type\":\"response.x\"}", "data: {\"type\":\"content_block_delta\"}"}) {
        const auto answer = answerMessages(body);
        const auto request = requestMessages(Endpoint::Responses, body);
        QVERIFY2(answer.size() < 3 && request.size() < 5, body);
    }
}

void tst_ChatMessages::recordedTrafficIsReadable()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    int read = 0;
    for (const auto &[folder, endpoint] : {std::pair(u"openai-chat"_s, Endpoint::ChatCompletions), {u"anthropic"_s, Endpoint::Messages}, {u"gemini"_s, Endpoint::GenerateContent}, {u"openai-responses"_s, Endpoint::Responses}}) {
        for (const QString &name : QDir(recordings::folder() + u'/' + folder).entryList(QDir::Files)) {
            QFile file(recordings::folder() + u'/' + folder + u'/' + name);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const std::string body = file.readAll().toStdString();
            const bool request = name.endsWith(u".req.json"_s);
            QVERIFY2(tells(request ? requestMessages(endpoint, body) : answerMessages(body)), qPrintable(folder + u'/' + name));
            ++read;
        }
    }
    QVERIFY(read > 100);
}

QTEST_GUILESS_MAIN(tst_ChatMessages)
#include "tst_chat_messages.moc"
