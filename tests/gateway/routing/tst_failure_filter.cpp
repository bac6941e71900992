// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/plan.h"

#include <QTest>

#include <string>

using namespace gateway;
using namespace gateway::routing;
using namespace std::string_literals;

class tst_FailureFilter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wordMatches_data();
    void wordMatches();
    void defaultsRetryWhatTheDesignNames();
    void unknownWordsNameTheNearestOne_data();
    void unknownWordsNameTheNearestOne();
    void emptySetMatchesNothing();
};

void tst_FailureFilter::wordMatches_data()
{
    QTest::addColumn<std::string>("word");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char *word, ErrorCode code, int status, bool matches) {
        QTest::addRow("%s %s %d", word, std::string(toText(code)).c_str(), status) << std::string(word) << static_cast<int>(code) << status << matches;
    };
    row("408", ErrorCode::ServerError, 408, true);
    row("408", ErrorCode::ServerError, 409, false);
    row("5xx", ErrorCode::ServerError, 500, true);
    row("5xx", ErrorCode::ServerError, 599, true);
    row("5XX", ErrorCode::Overloaded, 529, true);
    row("5xx", ErrorCode::ServerError, 200, true);      // an error event inside a 200
    row("5xx", ErrorCode::UpstreamBadRequest, 400, false);
    row("503", ErrorCode::ServerError, 503, true);
    row("503", ErrorCode::ServerError, 502, false);
    row("429", ErrorCode::RateLimited, 429, true);
    row("429", ErrorCode::RateLimited, 200, true);
    row("429", ErrorCode::RateLimited, 413, true);      // Groq says so
    row("4xx", ErrorCode::UpstreamBadRequest, 422, true);
    row("connect", ErrorCode::Dns, 0, true);
    row("connect", ErrorCode::Connect, 0, true);
    row("connect", ErrorCode::Tls, 0, true);
    row("connect", ErrorCode::ConnectTimeout, 0, true);
    row("connect", ErrorCode::FirstByteTimeout, 0, false);
    row("timeout", ErrorCode::ConnectTimeout, 0, true);
    row("timeout", ErrorCode::FirstByteTimeout, 200, true);
    row("timeout", ErrorCode::IdleTimeout, 200, true);
    row("timeout", ErrorCode::TotalTimeout, 0, true);
    row("malformed", ErrorCode::Malformed, 200, true);
    row("malformed", ErrorCode::AnswerTooLarge, 200, true);
    row("malformed", ErrorCode::Redirect, 302, true);
    row("auth", ErrorCode::UpstreamAuth, 401, true);
    row("auth", ErrorCode::UpstreamAuth, 400, true);    // xAI says so
    row("quota", ErrorCode::Quota, 429, true);
    row("not_found", ErrorCode::UpstreamModelNotFound, 404, true);
    row("context_window", ErrorCode::ContextWindow, 400, true);
    row("context_window", ErrorCode::UpstreamBadRequest, 400, false);
    row("content_policy", ErrorCode::ContentPolicy, 400, true);
    row("cut", ErrorCode::Cut, 200, true);
    row(" Cut ", ErrorCode::Cut, 200, true);
    row("cut", ErrorCode::Cancelled, 0, false);
}

void tst_FailureFilter::wordMatches()
{
    QFETCH(std::string, word);
    QFETCH(int, code);
    QFETCH(int, status);
    QFETCH(bool, matches);
    const auto filter = FailureFilter::fromConfig({{word}});
    QVERIFY2(filter.has_value(), filter ? "" : filter.error().message.c_str());
    QCOMPARE(filter->matches(static_cast<ErrorCode>(code), status), matches);
}

void tst_FailureFilter::defaultsRetryWhatTheDesignNames()
{
    const auto retry = FailureFilter::fromConfig(config::Retry {}.on);
    const auto fallback = FailureFilter::fromConfig(config::Route {}.fallbackOn);
    QVERIFY(retry && fallback);
    for (const int status : {408, 409, 425, 500, 502, 503, 504, 529}) {
        QVERIFY(retry->matches(ErrorCode::ServerError, status));
        QVERIFY(fallback->matches(ErrorCode::ServerError, status));
    }
    for (const ErrorCode code : {ErrorCode::RateLimited, ErrorCode::UpstreamAuth, ErrorCode::Quota, ErrorCode::UpstreamModelNotFound, ErrorCode::ContextWindow, ErrorCode::Cut}) {
        QVERIFY(!retry->matches(code, 0));
        QVERIFY(fallback->matches(code, 0));
    }
    for (const int status : {400, 413, 422})
        QVERIFY(!fallback->matches(ErrorCode::UpstreamBadRequest, status));
    QVERIFY(!fallback->matches(ErrorCode::ContentPolicy, 400));
}

void tst_FailureFilter::unknownWordsNameTheNearestOne_data()
{
    QTest::addColumn<std::string>("word");
    QTest::addColumn<std::string>("says");
    const auto row = [](const char *word, const char *says) { QTest::newRow(*word ? word : "empty") << std::string(word) << std::string(says); };
    row("conect", "did you mean \"connect\"");
    row("timeouts", "did you mean \"timeout\"");
    row("nonsense", "Known are");
    row("6xx", "Known are");
    row("200", "Known are");
    row("600", "Known are");
    row("5x", "Known are");
    row("", "Known are");
}

void tst_FailureFilter::unknownWordsNameTheNearestOne()
{
    QFETCH(std::string, word);
    QFETCH(std::string, says);
    const auto filter = FailureFilter::fromConfig({{"5xx", word}});
    QVERIFY(!filter.has_value());
    QCOMPARE(filter.error().code, ErrorCode::Invalid);
    QVERIFY2(filter.error().message.find(says) != std::string::npos, filter.error().message.c_str());
}

void tst_FailureFilter::emptySetMatchesNothing()
{
    const auto filter = FailureFilter::fromConfig({});
    QVERIFY(filter.has_value());
    for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code)
        QVERIFY(!filter->matches(static_cast<ErrorCode>(code), 503));
}

QTEST_APPLESS_MAIN(tst_FailureFilter)
#include "tst_failure_filter.moc"
