// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/answer_rewrite.h"
#include "gateway/providers/dialect.h"
#include "gateway/providers/provider_site.h"
#include "gateway/providers/endpoint_url.h"
#include "gateway/providers/provider_table.h"
#include "gateway/providers/request_head.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <set>

using namespace gateway;
using namespace gateway::providers;

namespace {

std::string targetOf(const char *kindName, std::string_view base, Endpoint endpoint = Endpoint::ChatCompletions)
{
    const ProviderKind *kind = findProviderKind(kindName);
    const auto url = parseEndpointUrl(base);
    return kind && url ? joinTarget(url->basePath, kind->versionPrefix, kind->path(endpoint)) : std::string();
}

} // namespace

class tst_ProviderTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindOfTheConfigurationIsThere()
    {
        for (const char *name : {"openai", "openai-compatible", "vllm", "ollama", "lmstudio", "llamacpp", "together", "deepinfra", "groq", "fireworks", "openrouter",
                                 "deepseek", "xai", "mistral", "perplexity", "cerebras", "moonshot", "alibaba"})
            QVERIFY2(findProviderKind(name), name);
        QCOMPARE(findProviderKind("nonsense"), nullptr);
    }

    void everyRowConforms_data()
    {
        QTest::addColumn<int>("row");
        for (std::size_t i = 0; i < providerKinds().size(); ++i)
            QTest::newRow(std::string(providerKinds()[i].name).c_str()) << static_cast<int>(i);
    }

    void everyRowConforms()
    {
        QFETCH(int, row);
        const ProviderKind &kind = providerKinds()[static_cast<std::size_t>(row)];
        QVERIFY(!kind.name.empty() && !kind.title.empty() && !kind.exampleModel.empty());
        QCOMPARE(kind.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos);
        QCOMPARE(findProviderKind(kind.name), &kind);

        config::Provider provider;
        provider.baseUrl = kind.baseUrl.empty() ? "http://127.0.0.1:9/v1" : "";
        provider.project = "my-project";
        provider.location = provider.region = "eu-west-1";
        const auto site = ProviderSite::make(kind, provider);
        QVERIFY2(site, site ? "" : site.error().message.c_str());
        const EndpointUrl &url = site->url();
        QCOMPARE(url.tls, !kind.local && !kind.baseUrl.empty());
        QVERIFY(!kind.path(Endpoint::ChatCompletions).empty());
        QVERIFY(kind.path(Endpoint::Other).empty());
        // The kind's own address is complete: nothing is put in, nothing doubled.
        if (url.basePath.ends_with(kind.versionPrefix) && !kind.versionPrefix.empty())
            QCOMPARE(joinTarget(url.basePath, kind.versionPrefix, kind.chatPath), url.basePath + std::string(kind.chatPath));

        const auto head = RequestHead::make(kind, url, "k-123", {});
        QVERIFY(head);
        for (std::size_t i = 0; i < endpointCount; ++i) {
            const auto endpoint = static_cast<Endpoint>(i);
            QCOMPARE(site->has(endpoint), !kind.path(endpoint).empty());
            if (!site->has(endpoint))
                continue;
            std::string room;
            const std::string_view target = site->target(endpoint, "m/1:2", true, room);
            QVERIFY2(target.starts_with('/') && target.find('{') == std::string_view::npos && target.find("//") == std::string_view::npos, std::string(target).c_str());
            const bool get = endpoint == Endpoint::Models;
            const std::string text = head->text({.method = get ? "GET" : "POST", .target = target, .contentType = get ? "" : "application/json", .contentLength = get ? std::nullopt : std::optional<std::size_t>(42)});
            QVERIFY(text.starts_with(get ? "GET /" : "POST /") && text.ends_with("\r\n\r\n"));
            QVERIFY(text.find("\r\nHost: " + url.authority + "\r\n") != std::string::npos);
            QCOMPARE(text.find("k-123") != std::string::npos, true);
            QCOMPARE(text.find("\r\nContent-Length: 42\r\n") != std::string::npos, !get);
        }
    }

    void everyRowEncodesAPlainCall_data() { everyRowConforms_data(); }

    void everyRowEncodesAPlainCall()
    {
        QFETCH(int, row);
        const ProviderKind &kind = providerKinds()[static_cast<std::size_t>(row)];
        const std::string body = R"({"model":"route","messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"}],"stream":true,"big":123456789012345678901234567890,"signalbox":{"tags":["a"]},"fallbacks":["b"]})";
        const auto scan = wire::scanRequest(body, Endpoint::ChatCompletions);
        QVERIFY(scan);
        const auto encoded = encodeRequest(kind, Endpoint::ChatCompletions, *scan, {.model = kind.exampleModel});
        QVERIFY(encoded);
        QVERIFY(encoded->dropped.empty());
        const std::string text = encoded->body.text();
        QCOMPARE(text.size(), encoded->body.size);
        QVERIFY(text.find(R"("big":123456789012345678901234567890)") != std::string::npos);
        QVERIFY(text.find(R"("messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"}])") != std::string::npos);
        const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
        QCOMPARE(object[QStringLiteral("model")].toString().toStdString(), std::string(kind.exampleModel));
        QVERIFY(!object.contains(QStringLiteral("signalbox")) && !object.contains(QStringLiteral("fallbacks")));
        QCOMPARE(object[QStringLiteral("stream_options")][QStringLiteral("include_usage")].toBool(), kind.dialect.streamOptions);
    }

    void keyPrefixesTellTheKind()
    {
        const std::pair<const char *, const char *> rows[] {{"sk-proj-x", "openai"}, {"sk-or-v1-x", "openrouter"}, {"gsk_x", "groq"}, {"xai-x", "xai"}, {"pplx-x", "perplexity"}, {"csk-x", "cerebras"}};
        for (const auto &[key, name] : rows) {
            const ProviderKind *kind = guessProviderKind(key);
            QVERIFY(kind);
            QCOMPARE(kind->name, std::string_view(name));
        }
        QCOMPARE(guessProviderKind("whatever"), nullptr);
    }

    void aBaseUrlMayLeaveItsVersionOut()
    {
        QCOMPARE(targetOf("openai", "https://api.openai.com"), std::string("/v1/chat/completions"));
        QCOMPARE(targetOf("openai", "https://api.openai.com/v1/"), std::string("/v1/chat/completions"));
        QCOMPARE(targetOf("vllm", "http://host:8000"), std::string("/v1/chat/completions"));
        QCOMPARE(targetOf("groq", "https://api.groq.com/openai"), std::string("/openai/v1/chat/completions"));
        QCOMPARE(targetOf("perplexity", "https://api.perplexity.ai"), std::string("/chat/completions"));
        QCOMPARE(targetOf("perplexity", "https://api.perplexity.ai/v1"), std::string("/chat/completions"));
        QCOMPARE(targetOf("deepseek", "https://api.deepseek.com/beta"), std::string("/beta/chat/completions"));
        QCOMPARE(targetOf("deepinfra", "https://api.deepinfra.com/v1"), std::string("/v1/openai/chat/completions"));
        QCOMPARE(targetOf("deepinfra", "https://api.deepinfra.com"), std::string("/v1/openai/chat/completions"));
        QCOMPARE(targetOf("openai-compatible", "https://generativelanguage.googleapis.com/v1beta/openai"), std::string("/v1beta/openai/chat/completions"));
        QCOMPARE(targetOf("openai-compatible", "http://proxy/llm/v2"), std::string("/llm/v2/chat/completions"));
        QCOMPARE(targetOf("openai-compatible", "http://proxy/value"), std::string("/value/v1/chat/completions"));
    }

    void urlsAreTakenApart()
    {
        const auto a = parseEndpointUrl("HTTPS://API.Example.com:443/v1//");
        QVERIFY(a);
        QVERIFY(a->tls && a->port == 443 && a->host == "api.example.com" && a->authority == "api.example.com" && a->basePath == "/v1");
        const auto b = parseEndpointUrl(" http://127.0.0.1:8000 ");
        QVERIFY(b && !b->tls && b->port == 8000 && b->authority == "127.0.0.1:8000" && b->basePath.empty());
        const auto c = parseEndpointUrl("http://[::1]:11434/v1");
        QVERIFY(c && c->host == "::1" && c->authority == "[::1]:11434");
    }

    void badUrlsSayWhy_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("empty") << QByteArray("") << QByteArray("https://");
        QTest::newRow("no scheme") << QByteArray("api.openai.com/v1") << QByteArray("https://");
        QTest::newRow("other scheme") << QByteArray("ftp://x") << QByteArray("https://");
        QTest::newRow("no host") << QByteArray("https:///v1") << QByteArray("no host");
        QTest::newRow("password") << QByteArray("https://user:secret@host/v1") << QByteArray("password");
        QTest::newRow("query") << QByteArray("https://host/v1?key=secret") << QByteArray("query");
        QTest::newRow("port text") << QByteArray("http://host:abc") << QByteArray("port");
        QTest::newRow("port zero") << QByteArray("http://host:0") << QByteArray("port");
        QTest::newRow("port large") << QByteArray("http://host:70000") << QByteArray("port");
        QTest::newRow("space") << QByteArray("http://ho st") << QByteArray("white space");
        QTest::newRow("line break") << QByteArray("http://host/a\r\nX: y") << QByteArray("white space");
        QTest::newRow("odd host") << QByteArray("http://ho$t") << QByteArray("host name");
        QTest::newRow("bracket") << QByteArray("http://[::1") << QByteArray("bracket");
    }

    void badUrlsSayWhy()
    {
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, words);
        const auto parsed = parseEndpointUrl({url.data(), static_cast<std::size_t>(url.size())});
        QVERIFY(!parsed);
        QVERIFY2(QByteArray::fromStdString(parsed.error().message).contains(words), parsed.error().message.c_str());
        QVERIFY(parsed.error().message.find("secret") == std::string::npos);
    }

    void headersThatWouldBreakTheRequestAreRefused()
    {
        const ProviderKind &kind = *findProviderKind("openai");
        const auto url = parseEndpointUrl(kind.baseUrl);
        const auto make = [&](std::string_view key, std::map<std::string, std::string> headers) { return RequestHead::make(kind, *url, key, headers); };
        const auto text = [](const gateway::Result<RequestHead> &head, std::string_view accept) { return head->text({.target = "/v1/chat/completions", .accept = accept, .contentLength = 1}); };
        QVERIFY(text(make("k", {{"OpenAI-Organization", "org-1"}}), "application/json").find("\r\nOpenAI-Organization: org-1\r\n") != std::string::npos);
        QVERIFY(text(make("k", {}), "application/json").find("\r\nAccept: application/json\r\n") != std::string::npos);
        QVERIFY(text(make("k", {}), "text/event-stream").find("\r\nAccept: text/event-stream\r\n") != std::string::npos);
        QVERIFY(text(make("", {}), "text/event-stream").find("Authorization") == std::string::npos);
        QVERIFY(make("", {{"Authorization", "Basic x"}}));
        for (const auto &bad : std::vector<std::map<std::string, std::string>> {{{"Host", "x"}}, {{"content-length", "1"}}, {{"Authorization", "Basic x"}}, {{"a b", "x"}}, {{"", "x"}}, {{"X", "secret\r\nY: z"}}}) {
            const auto head = make("k", bad);
            QVERIFY(!head);
            QCOMPARE(head.error().code, ErrorCode::Invalid);
            QVERIFY(head.error().message.find("secret") == std::string::npos);
        }
        const auto key = make("sk-secret\n", {});
        QVERIFY(!key && key.error().message.find("secret") == std::string::npos);
    }
};

QTEST_APPLESS_MAIN(tst_ProviderTable)
#include "tst_provider_table.moc"
