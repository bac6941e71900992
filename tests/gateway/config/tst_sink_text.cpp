// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/config_json.h"
#include "gateway/config/diff.h"
#include "gateway/config/file_layer.h"
#include "gateway/config/yaml_writer.h"
#include "tests/gateway/config/config_text.h"

#include <algorithm>

using namespace gateway::config;

namespace {

Config whole()
{
    Config config;
    config.telemetry.sinks = {{.name = "archive", .folder = "/var/log/signalbox", .bodies = true, .every = std::chrono::seconds {90}},
                              {.name = "cloud", .enabled = false, .s3 = {.bucket = "my.calls", .prefix = "gate one/", .endpoint = "http://127.0.0.1:9000", .region = "eu-central-1", .accessKeyId = {"AKIDEXAMPLE"},
                                                                         .secretAccessKey = {"s3cret-key"}, .sessionToken = {"s3cret-token"}}}};
    return config;
}

} // namespace

/// telemetry.sinks in its text form.
class tst_SinkText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void roundTrips()
    {
        QVERIFY(readYaml(toYaml(whole(), Secrets::Include)).telemetry == whole().telemetry);
        QVERIFY(fromJson<TelemetrySettings>(toJson(whole().telemetry, Secrets::Include)).value() == whole().telemetry);
    }

    void reads()
    {
        const Config config = readYaml("telemetry: { sinks: [{ name: a, folder: /var/log/calls }, { name: b, s3: { bucket: calls, access_key_id: AKID, secret_access_key: k }, every: 1m, bodies: true }] }");
        QCOMPARE(config.telemetry.sinks.size(), std::size_t {2});
        QVERIFY(config.telemetry.sinks[0].every == std::chrono::minutes {5} && config.telemetry.sinks[0].enabled && !config.telemetry.sinks[0].bodies);
        QCOMPARE(config.telemetry.sinks[1].s3.region, std::string("us-east-1"));
        QVERIFY(config.telemetry.sinks[1].every == std::chrono::minutes {1} && config.telemetry.sinks[1].bodies);
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("sinks");
        QTest::addColumn<QByteArray>("field");
        const QByteArray keys = "access_key_id: a, secret_access_key: b";
        QTest::newRow("neither") << QByteArray("{ name: a }") << QByteArray("telemetry.sinks[0]");
        QTest::newRow("both") << "{ name: a, folder: /x, s3: { bucket: calls, " + keys + " } }" << QByteArray("telemetry.sinks[0]");
        QTest::newRow("no name") << QByteArray("{ folder: /x }") << QByteArray("telemetry.sinks[0].name");
        QTest::newRow("twice") << QByteArray("{ name: a, folder: /x }, { name: a, folder: /y }") << QByteArray("telemetry.sinks[1].name");
        QTest::newRow("path") << QByteArray("{ name: a, folder: calls }") << QByteArray("telemetry.sinks[0].folder");
        QTest::newRow("no bucket") << "{ name: a, s3: { " + keys + " } }" << QByteArray("telemetry.sinks[0].s3.bucket");
        QTest::newRow("bucket") << "{ name: a, s3: { bucket: No_Bucket, " + keys + " } }" << QByteArray("telemetry.sinks[0].s3.bucket");
        QTest::newRow("endpoint") << "{ name: a, s3: { bucket: calls, endpoint: \"http://user:pw@host\", " + keys + " } }" << QByteArray("telemetry.sinks[0].s3.endpoint");
        QTest::newRow("region") << "{ name: a, s3: { bucket: calls, region: \"eu west\", " + keys + " } }" << QByteArray("telemetry.sinks[0].s3.region");
        QTest::newRow("key with a blank") << QByteArray("{ name: a, s3: { bucket: calls, access_key_id: a, secret_access_key: \"b c\" } }") << QByteArray("telemetry.sinks[0].s3.secret_access_key");
        QTest::newRow("often") << QByteArray("{ name: a, folder: /x, every: 10ms }") << QByteArray("telemetry.sinks[0].every");
        QTest::newRow("unknown") << QByteArray("{ name: a, folder: /x, evry: 1m }") << QByteArray("telemetry.sinks[0].evry");
    }
    void saysWhatIsWrong()
    {
        QFETCH(const QByteArray, sinks);
        QFETCH(const QByteArray, field);
        const auto read = readConfig("telemetry: { sinks: [" + sinks.toStdString() + "] }", {});
        QVERIFY(!read.has_value());
        QVERIFY2(std::ranges::find(read.error(), field.toStdString(), &Problem::field) != read.error().end(), read.error()[0].text().c_str());
    }

    void leavesSecretsOutOfExports()
    {
        for (const std::string &text : {toYaml(whole()), toJson(whole(), Secrets::LeaveOut)})
            QVERIFY2(!bytes(text).contains("s3cret") && !bytes(text).contains("AKID") && bytes(text).contains("my.calls"), text.c_str());
        Config after = whole();
        after.telemetry.sinks[1].s3.secretAccessKey = {"other-s3cret"};
        QVERIFY(!bytes(diffText(whole(), after)).contains("s3cret"));
    }

    void anExportAppliedAgainChangesNothing()
    {
        const auto read = readConfig(toYaml(whole()), {});
        QVERIFY(read.has_value());
        QVERIFY(std::ranges::find(read->warnings, std::string("telemetry.sinks[1].s3.secret_access_key"), &Problem::field) != read->warnings.end());
        const auto applied = withApplied(whole(), *read);
        QVERIFY(applied.has_value());
        QVERIFY(applied->telemetry == whole().telemetry);
    }
};

QTEST_APPLESS_MAIN(tst_SinkText)
#include "tst_sink_text.moc"
