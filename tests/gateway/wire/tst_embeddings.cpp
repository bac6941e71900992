// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/embeddings/openai_answer.h"
#include "gateway/wire/embeddings/request_writers.h"
#include "gateway/wire/json_number.h"
#include "recordings.h"
#include "translated_request.h"

#include <QTest>
#include <QtEndian>

#include <cmath>
#include <ctime>
#include <functional>

using namespace gateway;
using namespace gateway::wire;
using namespace gateway::wire::embeddings;
using namespace Qt::StringLiterals;

namespace {

using Write = std::function<Result<WrittenRequest>(const EmbeddingsRequest &)>;
using Read = std::function<Result<EmbeddingsAnswer>(std::string_view, std::size_t)>;

Result<EmbeddingsAnswer> readTitan(std::string_view body, std::size_t)
{
    return joinTitan(std::span(&body, 1));
}

/// A provider of the recordings: how it is asked and read, and where its form has the words, the vector, the count.
struct Provider
{
    Write write;
    Read read;
    std::function<QJsonValue(const QJsonObject &)> vector;
    std::function<QJsonValue(const QJsonObject &)> count;
};

Provider providerOf(const QString &name, const std::string &model)
{
    const auto with = [&](auto write) { return [write, model](const EmbeddingsRequest &request) { return write(request, WriteOptions {.model = model}); }; };
    const auto openAiVector = [](const QJsonObject &body) { return body[u"data"_s][0][u"embedding"_s]; };
    const auto openAiCount = [](const QJsonObject &body) { return body[u"usage"_s][u"prompt_tokens"_s]; };
    if (name == u"cohere"_s)
        return {with(writeCohere), readCohere, [](const QJsonObject &body) { return body[u"embeddings"_s][u"float"_s][0]; }, [](const QJsonObject &body) { return body[u"meta"_s][u"billed_units"_s][u"input_tokens"_s]; }};
    if (name == u"gemini"_s)
        return {with(writeGemini), readGemini, [](const QJsonObject &body) { return body[u"embeddings"_s][0][u"values"_s]; }, [](const QJsonObject &) { return QJsonValue(); }};
    if (name == u"bedrock-titan"_s)
        return {[](const EmbeddingsRequest &request) { return writeTitan(request, 0); }, readTitan, [](const QJsonObject &body) { return body[u"embedding"_s]; },
                [](const QJsonObject &body) { return body[u"inputTextTokenCount"_s]; }};
    if (name == u"mistral"_s)
        return {with(writeMistral), readOpenAi, openAiVector, openAiCount};
    return {{}, readOpenAi, openAiVector, openAiCount};
}

QJsonObject object(std::string_view json)
{
    return QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size()))).object();
}

std::vector<float> floatsOf(const QJsonValue &vector)
{
    std::vector<float> out;
    if (vector.isString()) {
        const QByteArray bytes = QByteArray::fromBase64(vector.toString().toLatin1());
        for (qsizetype at = 0; at + 4 <= bytes.size(); at += 4)
            out.push_back(std::bit_cast<float>(qFromLittleEndian<quint32>(bytes.constData() + at)));
    }
    for (const QJsonValue &number : vector.toArray())
        out.push_back(static_cast<float>(number.toDouble()));
    return out;
}

EmbeddingsRequest read(std::string_view body)
{
    return readEmbeddingsRequest(body).value_or(EmbeddingsRequest {});
}

/// A request of that many texts.
std::string asking(std::size_t texts, std::string_view members = {})
{
    std::string body = R"({"model":"m","input":[)";
    for (std::size_t i = 0; i < texts; ++i)
        body += (i == 0 ? "\"t" : ",\"t") + std::to_string(i) + "\"";
    return body + "]" + std::string(members) + "}";
}

QStringList whats(const std::vector<Loss> &losses)
{
    QStringList out;
    for (const Loss &loss : losses)
        out << QString::fromStdString(loss.what);
    return out;
}

} // namespace

class tst_Embeddings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecordingSaysWhatItSays_data();
    void everyRecordingSaysWhatItSays();
    void recordedRequestsAreWrittenAgain_data();
    void recordedRequestsAreWrittenAgain();
    void requestsAreRead();
    void badRequestsNameTheirParameter_data();
    void badRequestsNameTheirParameter();
    void eachProviderIsAskedInItsForm();
    void tokenIdsAreRefused_data();
    void tokenIdsAreRefused();
    void countsAreLimited_data();
    void countsAreLimited();
    void whatHasNoPlaceIsTold();
    void answersAreReadInTheirForms_data();
    void answersAreReadInTheirForms();
    void badAnswersAreMalformed_data();
    void badAnswersAreMalformed();
    void errorsInPlaceOfAnswersAreToldApart_data();
    void errorsInPlaceOfAnswersAreToldApart();
    void titansAnswersAreJoined();
    void openAiVectorsFollowTheirIndexes();
    void digitsOfFloatsAreKept();
    void base64IsOfTheNearestFloats_data();
    void base64IsOfTheNearestFloats();
    void base64BecomesFloatsAgain();
    void usageIsCountedOrEstimated();
    void numbersFollowTheGrammar_data();
    void numbersFollowTheGrammar();
    void largeAnswersAreQuick();
};

void tst_Embeddings::everyRecordingSaysWhatItSays_data()
{
    QTest::addColumn<QString>("name");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &file : QDir(recordings::folder() + u"/openai-embeddings"_s).entryList({u"*.json"_s}))
        if (!file.contains(u".req."_s) && !file.startsWith(u"err"_s))
            QTest::newRow(qPrintable(file)) << file.chopped(5);
}

void tst_Embeddings::everyRecordingSaysWhatItSays()
{
    QFETCH(QString, name);
    const std::string body = recordings::read(u"openai-embeddings/%1.json"_s.arg(name));
    const Provider provider = providerOf(name, "m");
    const auto answer = provider.read(body, 1);
    QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
    const QJsonObject theirs = object(body);
    const std::vector<float> wanted = floatsOf(provider.vector(theirs));
    QVERIFY(wanted.size() > 100);
    QCOMPARE(answer->usage ? answer->usage->input : -1, provider.count(theirs).toInt(-1));

    for (const Encoding encoding : {Encoding::Float, Encoding::Base64}) {
        const QJsonObject ours = object(openAiEmbeddings(*answer, {.model = "smart \"one\"", .encoding = encoding, .usage = {.input = 7}}));
        QCOMPARE(ours[u"object"_s].toString(), u"list"_s);
        QCOMPARE(ours[u"model"_s].toString(), u"smart \"one\""_s);
        QCOMPARE(compact(ours[u"usage"_s]), QStringLiteral(R"({"prompt_tokens":7,"total_tokens":7})"));
        const QJsonObject item = ours[u"data"_s][0].toObject();
        QCOMPARE(item[u"object"_s].toString(), u"embedding"_s);
        QCOMPARE(item[u"index"_s].toInt(-1), 0);
        QCOMPARE(item[u"embedding"_s].isString(), encoding == Encoding::Base64);
        QVERIFY(floatsOf(item[u"embedding"_s]) == wanted);
    }
    // Digit for digit, not only the same value.
    if (provider.vector(theirs).isArray()) {
        const QByteArray ours = QByteArray::fromStdString(openAiEmbeddings(*answer, {}));
        const qsizetype from = ours.lastIndexOf('['), to = ours.indexOf(']');
        QByteArray bare = QByteArray::fromStdString(body);
        bare.removeIf([](char c) { return c == ' ' || c == '\n'; });
        QVERIFY(to - from > 1000 && bare.contains(ours.mid(from, to - from)));
    }
}

void tst_Embeddings::recordedRequestsAreWrittenAgain_data()
{
    QTest::addColumn<QString>("name");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &name : recordings::strings({"cohere", "gemini", "bedrock-titan", "mistral"}))
        QTest::newRow(qPrintable(name)) << name;
}

void tst_Embeddings::recordedRequestsAreWrittenAgain()
{
    QFETCH(QString, name);
    const QJsonObject before = object(recordings::read(u"openai-embeddings/%1.req.json"_s.arg(name)));
    const bool google = name == u"gemini"_s;
    QJsonObject asked;
    for (const QJsonValue &text : {before[u"input"_s], before[u"texts"_s], before[u"inputText"_s], before[u"requests"_s][0][u"content"_s][u"parts"_s][0][u"text"_s]})
        if (!text.isUndefined())
            asked[u"input"_s] = text;
    for (const QJsonValue &dimensions : {before[u"output_dimension"_s], before[u"dimensions"_s], before[u"requests"_s][0][u"outputDimensionality"_s]})
        if (!dimensions.isUndefined())
            asked[u"dimensions"_s] = dimensions;
    const QString model = google ? before[u"requests"_s][0][u"model"_s].toString().mid(7) : before[u"model"_s].toString();
    const std::string body = QJsonDocument(asked).toJson().toStdString();
    const EmbeddingsRequest request = read(body);
    const auto written = providerOf(name, model.toStdString()).write(request);
    QVERIFY2(written.has_value(), written ? "" : written.error().message.c_str());
    QCOMPARE(object(written->body), before);
    QVERIFY(written->losses.empty());
}

void tst_Embeddings::requestsAreRead()
{
    const std::string body = withQuotes(R"({"model":"text-embedding-3-small","input":["a","\u00e9~","c"],"dimensions":256,"encoding_format":"base64","user":"u","input_type":"search_query","truncate":true,"seed":null})");
    const auto request = readEmbeddingsRequest(body);
    QVERIFY2(request.has_value(), request ? "" : request.error().message.c_str());
    QCOMPARE(request->texts.size(), std::size_t {3});
    QCOMPARE(QByteArray(request->texts[1].raw.data(), static_cast<qsizetype>(request->texts[1].raw.size())), QByteArray("\\u00e9\\\"")); // as escaped
    QVERIFY(request->dimensions == 256 && request->encoding == Encoding::Base64 && request->inputType.raw == "search_query" && request->user.raw == "u" && !request->single);
    QVERIFY(request->unknown == std::vector<std::string> {"truncate"});

    const EmbeddingsRequest one = read(R"({"input":"a","dimensions":null,"encoding_format":null})");
    QVERIFY(one.single && one.texts.size() == 1 && !one.dimensions && one.encoding == Encoding::Float);
    for (const char *ids : {"[1,2,3]", "[[1,2],[3]]", "[[]]"}) {
        const EmbeddingsRequest tokens = read("{\"input\":" + std::string(ids) + "}");
        QVERIFY(tokens.tokenIds && tokens.texts.empty());
    }
    QCOMPARE(read(asking(2048)).texts.size(), std::size_t {2048});
}

void tst_Embeddings::badRequestsNameTheirParameter_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *body, const char *where) { QTest::newRow(body) << QByteArray(body) << QString::fromUtf8(where); };
    row("[]", "");
    row(R"({"input":"a"} x)", "");
    row(R"({"input":["a")", "");
    row(R"({"model":"m"})", "input");
    row(R"({"input":null})", "input");
    row(R"({"input":[]})", "input");
    row(R"({"input":7})", "input");
    row(R"({"input":{"text":"a"}})", "input");
    row(R"({"input":["a",1]})", "input");
    row(R"({"input":[1,"a"]})", "input");
    row(R"({"input":[1.5]})", "input");
    row(R"({"input":[["a"]]})", "input");
    row(R"({"input":["a",null]})", "input");
    row(R"({"input":"a","dimensions":0})", "dimensions");
    row(R"({"input":"a","dimensions":"256"})", "dimensions");
    row(R"({"input":"a","encoding_format":"hex"})", "encoding_format");
    row(R"({"input":"a","model":1})", "model");
    QTest::newRow("too many") << QByteArray::fromStdString(asking(2049)) << u"input"_s;
}

void tst_Embeddings::badRequestsNameTheirParameter()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, where);
    const std::string text = body.toStdString();
    const auto request = readEmbeddingsRequest(text);
    QVERIFY(!request.has_value());
    QCOMPARE(request.error().code, ErrorCode::BadRequest);
    QCOMPARE(QString::fromStdString(request.error().where), where);
    QVERIFY(!request.error().message.empty());
}

void tst_Embeddings::eachProviderIsAskedInItsForm()
{
    const std::string body = R"({"input":["a","\u00e9"],"dimensions":8,"encoding_format":"base64","input_type":"search_query"})";
    const EmbeddingsRequest request = read(body);
    const WriteOptions options {.model = "m"};
    QCOMPARE(writeCohere(request, options)->body, std::string(R"({"model":"m","input_type":"search_query","embedding_types":["float"],"output_dimension":8,"texts":["a","\u00e9"]})"));
    QCOMPARE(writeGemini(request, options)->body,
             std::string(R"({"requests":[{"model":"models/m","content":{"parts":[{"text":"a"}]},"taskType":"RETRIEVAL_QUERY","outputDimensionality":8},)"
                         R"({"model":"models/m","content":{"parts":[{"text":"\u00e9"}]},"taskType":"RETRIEVAL_QUERY","outputDimensionality":8}]})"));
    QCOMPARE(writeVertex(request, options)->body,
             std::string(R"({"instances":[{"content":"a","task_type":"RETRIEVAL_QUERY"},{"content":"\u00e9","task_type":"RETRIEVAL_QUERY"}],"parameters":{"outputDimensionality":8}})"));
    QCOMPARE(writeMistral(request, options)->body, std::string(R"({"model":"m","input":["a","\u00e9"],"output_dimension":8})"));
    QCOMPARE(writeOllama(request, options)->body, std::string(R"({"model":"m","input":["a","\u00e9"],"dimensions":8})"));
    QCOMPARE(writeTitan(request, 1)->body, std::string(R"({"inputText":"\u00e9","dimensions":8,"normalize":true})"));

    const EmbeddingsRequest plain = read(R"({"input":"a"})");
    QCOMPARE(writeCohere(plain, {.model = "m", .inputType = "clustering"})->body, std::string(R"({"model":"m","input_type":"clustering","embedding_types":["float"],"texts":["a"]})"));
    QCOMPARE(writeGemini(plain, {.model = "models/m"})->body, std::string(R"({"requests":[{"model":"models/m","content":{"parts":[{"text":"a"}]}}]})"));
    QCOMPARE(writeVertex(plain, options)->body, std::string(R"({"instances":[{"content":"a"}]})"));
    QCOMPARE(writeOllama(plain, options)->body, std::string(R"({"model":"m","input":"a"})"));
    QCOMPARE(writeTitan(plain, 0)->body, std::string(R"({"inputText":"a","normalize":true})"));
}

void tst_Embeddings::tokenIdsAreRefused_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::newRow("one text") << QByteArray("[1,2]");
    QTest::newRow("some texts") << QByteArray("[[1,2],[3]]");
}

void tst_Embeddings::tokenIdsAreRefused()
{
    QFETCH(QByteArray, input);
    const std::string body = "{\"input\":" + input.toStdString() + "}";
    const EmbeddingsRequest request = read(body);
    for (const auto &written : {writeCohere(request, {}), writeGemini(request, {}), writeVertex(request, {}), writeMistral(request, {}), writeOllama(request, {}), writeTitan(request, 0)}) {
        QVERIFY(!written.has_value());
        QCOMPARE(written.error().code, ErrorCode::BadRequest);
        QCOMPARE(written.error().where, std::string("input"));
    }
}

void tst_Embeddings::countsAreLimited_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<int>("most");
    QTest::newRow("cohere") << u"cohere"_s << 96;
    QTest::newRow("gemini") << u"gemini"_s << 100;
    QTest::newRow("vertex") << u"text-embedding-005"_s << 250;
    QTest::newRow("gemini on vertex") << u"gemini-embedding-001"_s << 1;
}

void tst_Embeddings::countsAreLimited()
{
    QFETCH(QString, provider);
    QFETCH(int, most);
    const std::string model = provider.toStdString();
    const auto write = [&](const EmbeddingsRequest &request) {
        return provider == u"cohere"_s ? writeCohere(request, {}) : provider == u"gemini"_s ? writeGemini(request, {}) : writeVertex(request, {.model = model});
    };
    const std::string fitting = asking(static_cast<std::size_t>(most)), over = asking(static_cast<std::size_t>(most) + 1);
    QVERIFY(write(read(fitting)).has_value());
    const auto refused = write(read(over));
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::BadRequest);
    QCOMPARE(refused.error().where, std::string("input"));
    QVERIFY2(refused.error().message.starts_with("input ") && refused.error().message.find(' ' + std::to_string(most) + ' ') != std::string::npos, refused.error().message.c_str());
}

void tst_Embeddings::whatHasNoPlaceIsTold()
{
    const std::string body = R"({"input":"a","user":"u","truncate":true,"input_type":"image"})";
    const EmbeddingsRequest request = read(body);
    const QStringList common = recordings::strings({"user", "truncate"}), all = recordings::strings({"user", "truncate", "input_type"});
    QCOMPARE(whats(writeCohere(request, {})->losses), common);
    for (const auto &written : {writeGemini(request, {}), writeVertex(request, {}), writeMistral(request, {}), writeOllama(request, {}), writeTitan(request, 0)})
        QCOMPARE(whats(written->losses), all);
}

void tst_Embeddings::answersAreReadInTheirForms_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("tokens");
    const auto row = [](const char *name, const char *provider, const char *body, int tokens) { QTest::newRow(name) << QString::fromUtf8(provider) << QByteArray(body) << tokens; };
    row("cohere", "cohere", R"({"embeddings":{"int8":[[1],[2]],"float":[[0.5,-1],[2e-3]]},"meta":{"billed_units":{"input_tokens":7.0}}})", 7);
    row("cohere, older", "cohere", R"({"embeddings":[[0.5,-1],[2e-3]],"message":null})", -1);
    row("gemini", "gemini", R"({"embeddings":[{"values":[ 0.5 , -1 ]},{"other":{},"values":[2e-3]}]})", -1);
    row("gemini, counted", "gemini", R"({"usageMetadata":{"promptTokenCount":5},"embeddings":[{"values":[0.5,-1]},{"values":[2e-3]}]})", 5);
    row("vertex", "vertex", R"({"predictions":[{"embeddings":{"statistics":{"token_count":3,"truncated":false},"values":[0.5,-1]}},{"embeddings":{"values":[2e-3],"statistics":{"token_count":4.0}}}],"metadata":{"billableCharacterCount":20}})", 7);
    row("ollama", "ollama", R"({"model":"m","embeddings":[[0.5,-1],[2e-3]],"total_duration":1,"prompt_eval_count":6})", 6);
    row("openai", "openai", R"({"data":[{"embedding":[0.5,-1],"index":0},{"index":1,"embedding":[2e-3]}],"usage":{"prompt_tokens":9,"total_tokens":9}})", 9);
    row("no usage", "openai", R"({"data":[{"embedding":[0.5,-1]},{"embedding":[2e-3]}],"usage":null,"error":null})", -1);
}

Read readerOf(const QString &provider)
{
    if (provider == u"cohere"_s)
        return readCohere;
    if (provider == u"gemini"_s)
        return readGemini;
    if (provider == u"vertex"_s)
        return readVertex;
    if (provider == u"ollama"_s)
        return readOllama;
    return provider == u"titan"_s ? Read(readTitan) : Read(readOpenAi);
}

void tst_Embeddings::answersAreReadInTheirForms()
{
    QFETCH(QString, provider);
    QFETCH(QByteArray, body);
    QFETCH(int, tokens);
    const std::string text = body.toStdString();
    const auto answer = readerOf(provider)(text, 2);
    QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
    const std::string ours = openAiEmbeddings(*answer, {.model = "m", .usage = {.input = 1}});
    QCOMPARE(ours, std::string(R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-1]},{"object":"embedding","index":1,"embedding":[2e-3]}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}})"));
    QCOMPARE(answer->usage ? static_cast<int>(answer->usage->input) : -1, tokens);
    QVERIFY(!answer->usage || (answer->usage->output == 0 && !answer->usage->estimated));
}

void tst_Embeddings::badAnswersAreMalformed_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *provider, const char *body) { QTest::newRow((QByteArray(provider) + ' ' + body).constData()) << QString::fromUtf8(provider) << QByteArray(body); };
    for (const char *none : {"", "{}", "[]", "<html>", "null", "{\"x\":1"})
        for (const char *provider : {"cohere", "gemini", "vertex", "ollama", "openai", "titan"})
            row(provider, none);
    row("cohere", R"({"embeddings":{"float":[[1],[2]]}})"); // one text was asked for
    row("cohere", R"({"embeddings":{"float":[[1,"2"]]}})");
    row("cohere", R"({"embeddings":{"float":[[1,null]]}})");
    row("cohere", R"({"embeddings":{"float":[[1.2.3]]}})");
    row("cohere", R"({"embeddings":{"float":[[1,]]}})");
    row("cohere", R"({"embeddings":{"float":[{"a":1}]}})");
    row("cohere", R"({"embeddings":{"float":[[[1]]]}})");
    row("cohere", R"({"embeddings":{"int8":[[1]]}})");
    row("cohere", R"({"embeddings":{"float":[[1]]}} x)");
    row("gemini", R"({"embeddings":[{"values":[NaN]}]})");
    row("gemini", R"({"embeddings":[{"value":[1]}]})");
    row("vertex", R"({"predictions":[{}]})");
    row("vertex", R"({"predictions":{"embeddings":{"values":[1]}}})");
    row("ollama", R"({"embeddings":[[1)");
    row("titan", R"({"embedding":"AAAA","inputTextTokenCount":1})");
    row("openai", R"({"data":[{"embedding":[1],"index":1}]})");
    row("openai", R"({"data":[{"embedding":[1],"index":0},{"embedding":[1],"index":0}]})");
    row("openai", R"({"data":[{"index":0}]})");
    row("openai", R"({"data":[1]})");
}

void tst_Embeddings::badAnswersAreMalformed()
{
    QFETCH(QString, provider);
    QFETCH(QByteArray, body);
    const std::string text = body.toStdString();
    const auto answer = readerOf(provider)(text, 1);
    QVERIFY(!answer.has_value());
    QCOMPARE(answer.error().code, ErrorCode::Malformed);
    QVERIFY(!answer.error().message.empty());
}

void tst_Embeddings::errorsInPlaceOfAnswersAreToldApart_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("nested") << u"openai"_s << QByteArray(R"({"error":{"message":"x"}})");
    QTest::newRow("beside vectors") << u"openai"_s << QByteArray(R"({"data":[{"embedding":[1]}],"error":{"message":"x"}})");
    QTest::newRow("text") << u"ollama"_s << QByteArray(R"({"error":"model 'x' not found"})");
    QTest::newRow("flat") << u"cohere"_s << QByteArray(R"({"id":"i","message":"invalid api token"})");
    QTest::newRow("titan") << u"titan"_s << QByteArray(R"({"message":"Too many requests"})");
    QTest::newRow("google") << u"vertex"_s << QByteArray(R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}})");
}

void tst_Embeddings::errorsInPlaceOfAnswersAreToldApart()
{
    QFETCH(QString, provider);
    QFETCH(QByteArray, body);
    const std::string text = body.toStdString();
    const auto answer = readerOf(provider)(text, 1);
    QVERIFY(answer.has_value());
    QCOMPARE(answer->error.raw, std::string_view(text));
    QVERIFY(answer->vectors.empty());
}

void tst_Embeddings::titansAnswersAreJoined()
{
    const std::vector<std::string_view> bodies {R"({"embedding":[1,2],"inputTextTokenCount":3})", R"({"embeddingsByType":{"binary":[1],"float":[3]},"inputTextTokenCount":4})", R"({"embedding":[4],"embeddingsByType":{"float":[4]},"inputTextTokenCount":1})"};
    const auto joined = joinTitan(bodies);
    QVERIFY2(joined.has_value(), joined ? "" : joined.error().message.c_str());
    QCOMPARE(joined->vectors.size(), std::size_t {3});
    QCOMPARE(joined->vectors[1].raw, std::string_view("[3]"));
    QCOMPARE(joined->usage->input, 8);
    QVERIFY(!joinTitan(std::vector<std::string_view> {bodies[0], R"({"embedding":[1]})"})->usage); // a sum without one of them is none
    QVERIFY(!joinTitan(std::vector<std::string_view> {bodies[0], "{}"}).has_value());
    QVERIFY(!joinTitan(std::vector<std::string_view> {bodies[0], R"({"message":"busy"})"})->error.empty());
}

void tst_Embeddings::openAiVectorsFollowTheirIndexes()
{
    const std::string body = R"({"data":[{"index":2,"embedding":[2]},{"index":0,"embedding":"AAAAAA=="},{"index":1,"embedding":[1]}]})";
    const auto answer = readOpenAi(body, 3);
    QVERIFY(answer.has_value());
    QCOMPARE(answer->vectors[0].raw, std::string_view("\"AAAAAA==\""));
    QCOMPARE(answer->vectors[1].raw, std::string_view("[1]"));
    QCOMPARE(answer->vectors[2].raw, std::string_view("[2]"));
}

void tst_Embeddings::digitsOfFloatsAreKept()
{
    const std::string body = "{\"embeddings\":[{\"values\":[\n  -1.6281756688840687E-4,\n\t 4.623822e-05,\r\n 0.0100, -0, 123456789012345678901234567890 ] } ] }";
    const auto answer = readGemini(body, 1);
    QVERIFY(answer.has_value());
    QVERIFY(openAiEmbeddings(*answer, {}).find("\"embedding\":[-1.6281756688840687E-4,4.623822e-05,0.0100,-0,123456789012345678901234567890]}") != std::string::npos);
}

void tst_Embeddings::base64IsOfTheNearestFloats_data()
{
    QTest::addColumn<QByteArray>("numbers");
    for (const char *numbers : {"[]", "[1]", "[1,2]", "[ 1 , -2.5 , 3e-1 ]", "[0.1,0.2,0.3,0.4]", "[1e-45,1e-50,3.4028235e38,0.00000000000000000000000000000000000000000000000000000001]"})
        QTest::newRow(numbers) << QByteArray(numbers);
}

void tst_Embeddings::base64IsOfTheNearestFloats()
{
    QFETCH(QByteArray, numbers);
    const std::string body = "{\"embeddings\":[" + numbers.toStdString() + "]}";
    const auto answer = readOllama(body, 1);
    QVERIFY(answer.has_value());
    const QString base64 = object(openAiEmbeddings(*answer, {.encoding = Encoding::Base64}))[u"data"_s][0][u"embedding"_s].toString();
    QByteArray wanted;
    for (const float value : floatsOf(QJsonDocument::fromJson(numbers).array())) {
        char bytes[4];
        qToLittleEndian(std::bit_cast<quint32>(value), bytes);
        wanted.append(bytes, 4);
    }
    QCOMPARE(base64.toLatin1(), wanted.toBase64());
}

void tst_Embeddings::base64BecomesFloatsAgain()
{
    QByteArray bytes;
    for (const float value : {0.1F, -2.5F, 1e-45F, 3.4028235e38F, 16777216.0F, std::nanf("")}) {
        char four[4];
        qToLittleEndian(std::bit_cast<quint32>(value), four);
        bytes.append(four, 4);
    }
    std::string body = "{\"data\":[{\"embedding\":\"" + bytes.toBase64().toStdString() + "\"}]}";
    const auto answer = readOpenAi(body, 1);
    QVERIFY(answer.has_value());
    const std::string ours = openAiEmbeddings(*answer, {});
    QVERIFY2(ours.find("\"embedding\":[0.1,-2.5,1e-45,3.4028235e+38,16777216,null]}") != std::string::npos, ours.c_str());
    // A slash may be escaped, and what is no base64 ends it.
    const std::string odd = R"({"data":[{"embedding":"\/\/\/\/\/w=="},{"embedding":"AACAPwAA!"}]})";
    const auto oddAnswer = readOpenAi(odd, 2);
    const std::string floats = openAiEmbeddings(*oddAnswer, {});
    QVERIFY2(floats.find("[null]") != std::string::npos && floats.find("[1]") != std::string::npos, floats.c_str());
}

void tst_Embeddings::usageIsCountedOrEstimated()
{
    const std::string body = asking(2);
    const EmbeddingsRequest request = read(body);
    QCOMPARE(usageOf({.vectors = {}, .usage = TokenUsage {.input = 9}}, request), (TokenUsage {.input = 9}));
    const TokenUsage estimate = usageOf({}, request);
    QVERIFY(estimate.estimated && estimate.input >= 4 && estimate.output == 0);
    const std::string longer = "{\"input\":\"" + std::string(4000, 'x') + "\"}";
    QCOMPARE(usageOf({}, read(longer)).input, 1000);
    const std::string priced = openAiEmbeddings({}, {.model = "m", .usage = {.input = 3}, .cost = Money::fromNanos(1500000)});
    QVERIFY2(priced.find("\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3,\"cost\":0.0015}") != std::string::npos, priced.c_str());
}

void tst_Embeddings::numbersFollowTheGrammar_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    for (const char *good : {"0", "-0", "10", "0.5", "-1.25e+10", "1E5", "2e-3", "123456789012345678901234567890"})
        QTest::newRow(good) << QByteArray(good) << true;
    for (const char *bad : {"", "-", "01", "1.", ".5", "1e", "1e+", "+1", "1.2.3", "--1", "1-2", "0x1", "1 ", "inf", "NaN"})
        QTest::newRow(*bad ? bad : "nothing") << QByteArray(bad) << false;
}

void tst_Embeddings::numbersFollowTheGrammar()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, good);
    QCOMPARE(isJsonNumber({text.constData(), static_cast<std::size_t>(text.size())}), good);
    if (good)
        QCOMPARE(doubleOf({text.constData(), static_cast<std::size_t>(text.size())}), text.toDouble());
    QVERIFY(std::isinf(doubleOf("-1e999")) && doubleOf("1e-999") == 0 && std::isinf(floatOf("1e39")) && floatOf("1e-60") == 0);
}

/// Twenty megabytes take well under a second: what is done twice for every number would show.
void tst_Embeddings::largeAnswersAreQuick()
{
    std::string body = R"({"embeddings":{"float":[)";
    for (int vector = 0; vector < 96; ++vector) {
        body += vector == 0 ? "[0.5" : ",[0.5";
        for (int i = 0; i < 16000; ++i)
            body += ",-0.0123456789";
        body += ']';
    }
    body += R"(]},"meta":{"billed_units":{"input_tokens":7}}})";
    QVERIFY(body.size() > 20'000'000);
    for (const Encoding encoding : {Encoding::Float, Encoding::Base64}) {
        const std::clock_t before = std::clock(); // of this process: others do not matter
        const auto answer = readCohere(body, 96);
        QVERIFY(answer.has_value());
        const std::string out = openAiEmbeddings(*answer, {.encoding = encoding});
        QVERIFY(std::clock() - before < 10 * CLOCKS_PER_SEC);
        QVERIFY(out.size() > (encoding == Encoding::Float ? 20'000'000U : 8'000'000U));
    }
}

QTEST_GUILESS_MAIN(tst_Embeddings)
#include "tst_embeddings.moc"
