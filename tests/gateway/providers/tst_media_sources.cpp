// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/media_ability.h"
#include "gateway/providers/web_url.h"

#include <QTest>

#include <string>

using namespace gateway;
using namespace gateway::providers;

/// Which providers want bytes for addresses (wire.md 2.2), and how the addresses are read.
class tst_MediaSources : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void kindsFetchOrNot_data();
    void kindsFetchOrNot();
    void everyKindIsKnown();
    void addressesAreTakenApart_data();
    void addressesAreTakenApart();
    void oddAddressesAreRefused_data();
    void oddAddressesAreRefused();
    void secretsAreNotShown();
    void locationsAreResolved_data();
    void locationsAreResolved();
};

namespace {

wire::MediaAbility abilityOf(std::string_view kind, Endpoint endpoint, std::string_view model, std::string baseUrl = "https://a.example")
{
    config::Provider provider {.name = "p", .kind = std::string(kind), .baseUrl = std::move(baseUrl), .project = "p", .location = "l", .region = "r"};
    return mediaAbility(ProviderSite::make(*findProviderKind(kind), provider).value(), endpoint, model);
}

} // namespace

void tst_MediaSources::kindsFetchOrNot_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<int>("endpoint");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<bool>("images");
    QTest::addColumn<bool>("files");
    const auto row = [](const char *name, const char *kind, Endpoint endpoint, const char *model, bool images, bool files) {
        QTest::newRow(name) << QByteArray(kind) << static_cast<int>(endpoint) << QByteArray(model) << images << files;
    };
    row("OpenAI", "openai", Endpoint::ChatCompletions, "gpt-4o", true, false);
    row("OpenAI, Responses", "openai", Endpoint::Responses, "gpt-4o", true, true);
    row("Anthropic", "anthropic", Endpoint::Messages, "claude", true, true);
    row("Gemini", "gemini", Endpoint::ChatCompletions, "gemini-2.5", false, false);
    row("Gemini at Vertex", "vertex", Endpoint::ChatCompletions, "gemini-2.5", true, true);
    row("Claude at Vertex", "vertex", Endpoint::Messages, "claude-sonnet", false, false);
    row("Bedrock", "bedrock", Endpoint::Messages, "anthropic.claude", false, false);
    row("Cohere", "cohere", Endpoint::ChatCompletions, "command", false, false);
    row("Ollama", "ollama", Endpoint::ChatCompletions, "llava", false, false);
    row("LM Studio", "lmstudio", Endpoint::ChatCompletions, "llava", false, false);
    row("vLLM", "vllm", Endpoint::ChatCompletions, "llava", true, false);
}

void tst_MediaSources::kindsFetchOrNot()
{
    QFETCH(QByteArray, kind);
    QFETCH(int, endpoint);
    QFETCH(QByteArray, model);
    const wire::MediaAbility ability = abilityOf(kind.toStdString(), static_cast<Endpoint>(endpoint), model.toStdString());
    QTEST(ability.imageUrls, "images");
    QTEST(ability.fileUrls, "files");
}

void tst_MediaSources::everyKindIsKnown()
{
    for (const ProviderKind &kind : providerKinds()) {
        const wire::MediaAbility ability = abilityOf(kind.name, Endpoint::ChatCompletions, "m");
        QVERIFY2(ability.imageUrls || !ability.fileUrls, std::string(kind.name).c_str());
    }
    QVERIFY(!abilityOf("ollama", Endpoint::ChatCompletions, "llava", "http://127.0.0.1:11434/v1").imageUrls); // its other face
}

void tst_MediaSources::addressesAreTakenApart_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("authority");
    QTest::addColumn<QByteArray>("target");
    const auto row = [](const char *url, const char *host, const char *authority, const char *target) {
        QTest::newRow(url) << QByteArray(url) << QByteArray(host) << QByteArray(authority) << QByteArray(target);
    };
    row("https://A.example/x.png", "a.example", "a.example", "/x.png");
    row("HTTP://a.example:8080", "a.example", "a.example:8080", "/");
    row("https://a.example?size=2#top", "a.example", "a.example", "/?size=2");
    row("https://[2001:db8::1]:443/a", "2001:db8::1", "[2001:db8::1]", "/a");
    row(" https://a.example/a b/\xC3\xA9?q=\"<x>\"&r=%20 ", "a.example", "a.example", "/a%20b/%C3%A9?q=%22%3Cx%3E%22&r=%20");
    row("http://a.example/x\r\nHost: b.example", "a.example", "a.example", "/x%0D%0AHost:%20b.example");
}

void tst_MediaSources::addressesAreTakenApart()
{
    QFETCH(QByteArray, url);
    const auto taken = parseWebUrl(url.toStdString());
    QVERIFY2(taken.has_value(), taken ? "" : taken.error().message.c_str());
    QTEST(QByteArray::fromStdString(taken->host), "host");
    QTEST(QByteArray::fromStdString(taken->authority), "authority");
    QTEST(QByteArray::fromStdString(taken->target), "target");
    QCOMPARE(taken->tls, url.contains("https:"));
}

void tst_MediaSources::oddAddressesAreRefused_data()
{
    QTest::addColumn<QByteArray>("url");
    for (const char *url : {"", "a.example/x", "ftp://a.example/x", "file:///etc/passwd", "gopher://a.example/", "https:/a.example", "http:a.example", "https://", "https:///x", "https://a.example:0/",
                            "https://a.example:99999/", "https://user:pass@a.example/", "https://user@a.example/x", "https://a.example:80:80/", "https://a\r\n.example/", "https://[::1/x", "javascript:alert(1)",
                            "https://a.example\\@b.example/x"})
        QTest::newRow(url) << QByteArray(url);
    QTest::newRow("too long") << QByteArray("https://a.example/" + QByteArray(9000, 'x'));
    QTest::newRow("too long once it is encoded") << QByteArray("https://a.example/" + QByteArray(3000, ' ') + "x");
}

void tst_MediaSources::oddAddressesAreRefused()
{
    QFETCH(QByteArray, url);
    const auto taken = parseWebUrl(url.toStdString());
    QVERIFY(!taken.has_value());
    QCOMPARE(taken.error().code, ErrorCode::Invalid);
    QVERIFY(!taken.error().message.empty() && taken.error().message.find("pass") == taken.error().message.find("password"));
}

void tst_MediaSources::secretsAreNotShown()
{
    QCOMPARE(parseWebUrl("https://a.example:444/x.png?X-Amz-Signature=hush").value().shown(), std::string("https://a.example:444/x.png"));
    QCOMPARE(shownUrl("https://user:hush@a.example/x@y#hush"), std::string("https://a.example/x@y"));
    QCOMPARE(shownUrl("odd?hush"), std::string("odd"));
    QVERIFY(shownUrl("https://a.example/" + std::string(9000, 'x')).size() < 300);
}

void tst_MediaSources::locationsAreResolved_data()
{
    QTest::addColumn<QByteArray>("reference");
    QTest::addColumn<QByteArray>("url"); ///< null: refused
    const auto row = [](const char *reference, const char *url) { QTest::newRow(reference) << QByteArray(reference) << QByteArray(url); };
    // RFC 3986 5.4, with http://a/b/c/d;p?q as the base
    row("http://g:8080/x", "http://g:8080/x");
    row("g", "http://a/b/c/g");
    row("./g", "http://a/b/c/g");
    row("g/", "http://a/b/c/g/");
    row("/g", "http://a/g");
    row("//g", "http://g/");
    row("?y", "http://a/b/c/d;p?y");
    row("g?y", "http://a/b/c/g?y");
    row("g?y/./x", "http://a/b/c/g?y/./x");
    row("#s", "http://a/b/c/d;p?q");
    row("g#s", "http://a/b/c/g");
    row(";x", "http://a/b/c/;x");
    row("", "http://a/b/c/d;p?q");
    row(".", "http://a/b/c/");
    row("..", "http://a/b/");
    row("../g", "http://a/b/g");
    row("../../g", "http://a/g");
    row("../../../g", "http://a/g");
    row("/../g", "http://a/g");
    row("g/../h", "http://a/b/c/h");
    row("https://g", "https://g/");
    row("g:h", nullptr);
    row("file:///etc/passwd", nullptr);
    row("//user:pass@g/", nullptr);
    QTest::newRow("too long") << QByteArray(9000, 'g') << QByteArray();
}

void tst_MediaSources::locationsAreResolved()
{
    QFETCH(QByteArray, reference);
    QFETCH(QByteArray, url);
    const auto resolved = resolveUrl(parseWebUrl("http://a/b/c/d;p?q").value(), reference.toStdString());
    QCOMPARE(resolved.has_value(), !url.isNull());
    if (resolved)
        QCOMPARE(QByteArray::fromStdString((resolved->tls ? "https://" : "http://") + resolved->authority + resolved->target), url);
}

QTEST_GUILESS_MAIN(tst_MediaSources)
#include "tst_media_sources.moc"
