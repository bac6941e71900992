// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/header_relay.h"

#include <QTest>

#include <array>

using namespace gateway;
using namespace gateway::providers;

/// Which headers travel through the gateway with a call to a provider's own API.
class tst_HeaderRelay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void providersGetNoKeyAndNothingOfTheConnection();
    void whatTheHeadSaysIsNotSaidTwice();
    void callersGetWhatIsAboutTheirAnswer();
};

void tst_HeaderRelay::providersGetNoKeyAndNothingOfTheConnection()
{
    const auto url = parseEndpointUrl("https://api.openai.com/v1");
    const auto head = RequestHead::make(*findProviderKind("openai"), *url, "sk-own", {});
    QVERIFY(head);
    const std::array headers {
        HeaderView {"Host", "gateway"}, HeaderView {"Authorization", "Bearer sb-1"}, HeaderView {"X-Api-Key", "sb-2"}, HeaderView {"API-KEY", "sb-3"}, HeaderView {"x-goog-api-key", "sb-4"},
        HeaderView {"Cookie", "c=1"}, HeaderView {"Connection", "close, X-Hop"}, HeaderView {"x-hop", "1"}, HeaderView {"Keep-Alive", "1"}, HeaderView {"Transfer-Encoding", "chunked"},
        HeaderView {"Content-Length", "3"}, HeaderView {"Content-Type", "text/plain"}, HeaderView {"TE", "trailers"}, HeaderView {"Upgrade", "h2c"}, HeaderView {"Expect", "100-continue"},
        HeaderView {"Proxy-Authorization", "Basic x"}, HeaderView {"X-Forwarded-For", "10.0.0.1"}, HeaderView {"Forwarded", "for=x"}, HeaderView {"Origin", "https://a"},
        HeaderView {"Sec-Fetch-Mode", "cors"}, HeaderView {"x-signalbox-tags", "a"}, HeaderView {"X-Amz-Security-Token", "t"}, HeaderView {"Accept-Encoding", "gzip"},
        HeaderView {"User-Agent", "curl"}, HeaderView {"OpenAI-Beta", "assistants=v2"}, HeaderView {"Idempotency-Key", "k"}, HeaderView {"traceparent", "00-a-b-01"}, HeaderView {"Range", "bytes=0-9"}};
    QCOMPARE(QByteArray::fromStdString(headersToProvider(headers, *head)), QByteArray("OpenAI-Beta: assistants=v2\r\nIdempotency-Key: k\r\ntraceparent: 00-a-b-01\r\nRange: bytes=0-9\r\n"));
}

void tst_HeaderRelay::whatTheHeadSaysIsNotSaidTwice()
{
    const auto url = parseEndpointUrl("https://api.anthropic.com");
    const auto head = RequestHead::make(*findProviderKind("anthropic"), *url, "sk-ant-own", {{"Anthropic-Beta", "ours"}});
    QVERIFY(head);
    QVERIFY(head->sets("X-API-KEY") && head->sets("host") && head->sets("anthropic-beta"));
    QVERIFY(!head->sets("hos") && !head->sets("POST") && !head->sets("anthropic"));
    const std::array headers {HeaderView {"anthropic-version", "2023-06-01"}, HeaderView {"anthropic-beta", "theirs"}, HeaderView {"anthropic-dangerous", "1"}};
    QCOMPARE(QByteArray::fromStdString(headersToProvider(headers, *head)), QByteArray("anthropic-dangerous: 1\r\n"));
}

void tst_HeaderRelay::callersGetWhatIsAboutTheirAnswer()
{
    const std::array headers {HeaderView {"Date", "x"}, HeaderView {"Content-Type", "a/b"}, HeaderView {"Content-Length", "1"}, HeaderView {"Transfer-Encoding", "chunked"}, HeaderView {"Connection", "x-hop"},
                              HeaderView {"X-Hop", "1"}, HeaderView {"Set-Cookie", "__cf_bm=1"}, HeaderView {"Access-Control-Allow-Origin", "*"}, HeaderView {"X-Signalbox-Cost", "0"},
                              HeaderView {"Alt-Svc", "h3"}, HeaderView {"x-request-id", "req_1"}, HeaderView {"Retry-After", "3"}, HeaderView {"Content-Disposition", "attachment"}, HeaderView {"ETag", "\"1\""}};
    QCOMPARE(QByteArray::fromStdString(headersToCaller(headers)), QByteArray("x-request-id: req_1\r\nRetry-After: 3\r\nContent-Disposition: attachment\r\nETag: \"1\"\r\n"));
}

QTEST_APPLESS_MAIN(tst_HeaderRelay)
#include "tst_header_relay.moc"
