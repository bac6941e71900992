// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/aws_sigv4.h"
#include "tests/gateway/wire/recordings.h"

#include <QTest>

using namespace gateway;
using namespace gateway::providers;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t vectors = 38;

/// A request as AWS writes it into a file: a line, headers without a space behind their colon, folded lines, a body.
struct Written
{
    std::string method, path, query, body;
    std::vector<std::pair<std::string, std::string>> fields;
    std::vector<HeaderView> headers;

    explicit Written(const std::string &text)
    {
        const std::size_t end = text.find("\n\n");
        body = end == std::string::npos ? std::string() : text.substr(end + 2);
        std::string head = text.substr(0, end);
        const std::size_t lineEnd = head.find('\n');
        std::string line = head.substr(0, lineEnd);
        method = line.substr(0, line.find(' '));
        std::string target = line.substr(method.size() + 1);
        target.resize(target.rfind(" HTTP/1.1"));
        path = target.substr(0, target.find('?'));
        query = path.size() < target.size() ? target.substr(path.size() + 1) : std::string();
        std::size_t at = lineEnd;
        while (at != std::string::npos && at + 1 < head.size()) {
            const std::size_t next = head.find('\n', at + 1);
            const std::string field = head.substr(at + 1, next == std::string::npos ? next : next - at - 1);
            if (field.starts_with(' ')) {
                fields.back().second.append("\n").append(field);
            } else {
                const std::size_t colon = field.find(':');
                fields.emplace_back(field.substr(0, colon), field.substr(colon + 1));
            }
            at = next;
        }
        for (const auto &[name, value] : fields)
            headers.push_back({name, value});
    }

    [[nodiscard]] SigV4Request request() const { return {.method = method, .path = path, .query = query, .headers = headers, .body = body}; }
};

struct Context
{
    std::string id, secret, token;
    SigV4Options options;
    std::string region, service;

    explicit Context(const std::string &json)
    {
        const QJsonObject root = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
        const auto text = [](const QJsonValue &value) { return value.toString().toStdString(); };
        const QJsonValue credentials = root[QStringLiteral("credentials")];
        id = text(credentials[QStringLiteral("access_key_id")]);
        secret = text(credentials[QStringLiteral("secret_access_key")]);
        token = text(credentials[QStringLiteral("token")]);
        region = text(root[QStringLiteral("region")]);
        service = text(root[QStringLiteral("service")]);
        options = {.normalisePath = root[QStringLiteral("normalize")].toBool(), .contentHash = root[QStringLiteral("sign_body")].toBool(),
                   .signSessionToken = !root[QStringLiteral("omit_session_token")].toBool()};
    }

    [[nodiscard]] AwsCredentials credentials() const { return {.accessKeyId = id, .secretAccessKey = secret, .sessionToken = token}; }
};

// 2015-08-30T12:36:00Z, with a fraction that is cut off
const WallTime then = std::chrono::sys_days {std::chrono::year {2015} / 8 / 30} + 12h + 36min + 999ms;

std::string header(const std::vector<std::pair<std::string, std::string>> &headers, std::string_view name)
{
    for (const auto &[each, value] : headers)
        if (each == name)
            return value;
    return {};
}

} // namespace

class tst_SigV4 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyVectorIsSignedAsAwsSignsIt_data();
    void everyVectorIsSignedAsAwsSignsIt();
    void noVectorIsLeftOut();
    void pathsAreEncodedAgain();
    void whatAHopChangesIsNotSigned();
    void signedAgainItIsTheSame();
    void modelIdsFitIntoAPath();
};

void tst_SigV4::everyVectorIsSignedAsAwsSignsIt_data()
{
    QTest::addColumn<QString>("name");
    if (!recordings::present())
        QSKIP(recordings::absent);
    for (const QString &name : QDir(recordings::folder() + QStringLiteral("/aws-sigv4")).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        QTest::newRow(qPrintable(name)) << name;
}

void tst_SigV4::everyVectorIsSignedAsAwsSignsIt()
{
    QFETCH(QString, name);
    const QString folder = QStringLiteral("aws-sigv4/") + name + QLatin1Char('/');
    const Context context(recordings::read(folder + QStringLiteral("context.json")));
    const Written written(recordings::read(folder + QStringLiteral("request.txt")));
    QCOMPARE(canonicalRequest(written.request(), context.credentials(), then, context.options), recordings::read(folder + QStringLiteral("header-canonical-request.txt")));

    // What the signed request of the vector has beside the plain one is what is to be added.
    const Written wanted(recordings::read(folder + QStringLiteral("header-signed-request.txt")));
    const auto added = signSigV4(written.request(), context.credentials(), {.region = context.region, .service = context.service}, then, context.options);
    QCOMPARE(added.size(), wanted.fields.size() - written.fields.size());
    for (std::size_t i = written.fields.size(); i < wanted.fields.size(); ++i) {
        const std::string key = QByteArray::fromStdString(wanted.fields[i].first).toLower().toStdString();
        QCOMPARE(header(added, key), wanted.fields[i].second);
    }
    QVERIFY(header(added, "authorization").ends_with("Signature=" + recordings::read(folder + QStringLiteral("header-signature.txt"))));
}

void tst_SigV4::noVectorIsLeftOut()
{
    if (!recordings::present())
        QSKIP(recordings::absent);
    const auto found = QDir(recordings::folder() + QStringLiteral("/aws-sigv4")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size();
    qInfo("%d vectors were signed", static_cast<int>(found));
    QCOMPARE(found, static_cast<qsizetype>(vectors));
}

/// wire.md 10: on the wire %3A, for the signature %253A.
void tst_SigV4::pathsAreEncodedAgain()
{
    const std::vector<HeaderView> headers {{"Host", "bedrock-runtime.us-east-1.amazonaws.com"}};
    const AwsCredentials credentials {.accessKeyId = "AKIDEXAMPLE", .secretAccessKey = "secret"};
    const auto secondLine = [&](std::string_view path) {
        const std::string text = canonicalRequest({.method = "POST", .path = path, .headers = headers, .body = "{}"}, credentials, then);
        const std::size_t begin = text.find('\n') + 1;
        return text.substr(begin, text.find('\n', begin) - begin);
    };
    QCOMPARE(secondLine("/model/us.amazon.nova-lite-v1%3A0/converse"), std::string("/model/us.amazon.nova-lite-v1%253A0/converse"));
    QCOMPARE(secondLine("/model/us.amazon.nova-lite-v1:0/converse"), std::string("/model/us.amazon.nova-lite-v1%3A0/converse"));
    const auto added = signSigV4({.method = "POST", .path = "/model/x/converse", .headers = headers, .body = "{}"}, credentials, {.region = "us-east-1"}, then);
    QVERIFY(header(added, "authorization").starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature="));
    QVERIFY(header(added, "x-amz-security-token").empty());
}

void tst_SigV4::whatAHopChangesIsNotSigned()
{
    const std::vector<HeaderView> headers {{"Host", "h"}, {"User-Agent", "x"}, {"Connection", "keep-alive"}, {"Content-Type", "application/json"}, {"Transfer-Encoding", "chunked"}};
    const auto added = signSigV4({.method = "POST", .path = "/", .headers = headers}, {.accessKeyId = "A", .secretAccessKey = "S"}, {.region = "r"}, then);
    QVERIFY(header(added, "authorization").find("SignedHeaders=content-type;host;x-amz-date,") != std::string::npos);
}

/// A second try has the first one's headers still among its own.
void tst_SigV4::signedAgainItIsTheSame()
{
    std::vector<HeaderView> headers {{"Host", "h"}};
    const AwsCredentials credentials {.accessKeyId = "A", .secretAccessKey = "S", .sessionToken = "T"};
    const auto first = signSigV4({.method = "POST", .path = "/", .headers = headers}, credentials, {.region = "r"}, then);
    for (const auto &[name, value] : first)
        headers.push_back({name, value});
    QVERIFY(signSigV4({.method = "POST", .path = "/", .headers = headers}, credentials, {.region = "r"}, then) == first);
    QVERIFY(header(first, "authorization") != header(signSigV4({.method = "POST", .path = "/", .headers = headers}, credentials, {.region = "r"}, then + 1s), "authorization"));
}

void tst_SigV4::modelIdsFitIntoAPath()
{
    QCOMPARE(encodeSegment("us.amazon.nova-lite-v1:0"), std::string("us.amazon.nova-lite-v1%3A0"));
    QCOMPARE(encodeSegment("arn:aws:bedrock:us-east-1:1:inference-profile/us.x"), std::string("arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.x"));
    QCOMPARE(encodeSegment("a b~_\xE1\x88\xB4"), std::string("a%20b~_%E1%88%B4"));
}

QTEST_APPLESS_MAIN(tst_SigV4)
#include "tst_sigv4.moc"
