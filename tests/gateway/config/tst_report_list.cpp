// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/config_json.h"
#include "gateway/config/diff.h"
#include "gateway/config/file_layer.h"
#include "gateway/config/report_words.h"
#include "gateway/config/yaml_writer.h"
#include "tests/gateway/config/config_text.h"

#include <QTest>

#include <algorithm>

using namespace gateway::config;

/// The list `reports` in the configuration's texts.
class tst_ReportList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEveryField();
    void roundTrips();
    void tellsWhatIsWrong_data();
    void tellsWhatIsWrong();
    void warnsOfAnUnknownZone();
    void isLaidOverByTheFile();
    void differencesAreTold();
    void timesOfDay_data();
    void timesOfDay();
};

namespace {

const char *const whole = R"(version: 1
reports:
  - name: search-month
    enabled: false
    team: search
    per: month
    at: "06:45"
    time_zone: Europe/Berlin
    folder: /srv/reports
    email: [a@example.org, b@example.org]
  - name: everybody
)";

} // namespace

void tst_ReportList::readsEveryField()
{
    const Config read = readYaml(whole);
    QCOMPARE(read.reports.size(), 2U);
    const Report &one = read.reports[0];
    QCOMPARE(one.name, std::string("search-month"));
    QVERIFY(!one.enabled);
    QCOMPARE(one.team, std::string("search"));
    QVERIFY(one.per == ReportPeriod::Month);
    QCOMPARE(one.at, 6 * 60 + 45);
    QCOMPARE(one.timeZone, std::string("Europe/Berlin"));
    QCOMPARE(one.folder, std::string("/srv/reports"));
    QCOMPARE(one.email.size(), 2U);
    const Report &other = read.reports[1];
    QVERIFY(other.enabled && other.per == ReportPeriod::Week && other.at == 7 * 60 && other.email.empty());
}

void tst_ReportList::roundTrips()
{
    const Config read = readYaml(whole);
    QVERIFY(readYaml(toYaml(read)).reports == read.reports);
    const auto json = fromJson<Config>(toJson(read, Secrets::Include));
    QVERIFY(json);
    QVERIFY(json->reports == read.reports);
}

void tst_ReportList::tellsWhatIsWrong_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("field");
    QTest::newRow("time") << "at: 7 o'clock" << "reports[0].at";
    QTest::newRow("period") << "per: day" << "reports[0].per";
    QTest::newRow("folder") << "folder: here" << "reports[0].folder";
    QTest::newRow("steps back") << "folder: /srv/../root" << "reports[0].folder";
    QTest::newRow("address") << "email: [nobody]" << "reports[0].email[0]";
    QTest::newRow("second line of SMTP") << R"(email: ["a@example.org\nRCPT TO:<b@example.org>"])" << "reports[0].email[0]";
    QTest::newRow("zone") << "time_zone: \"../etc\"" << "reports[0].time_zone";
    QTest::newRow("misspelt") << "emails: [a@example.org]" << "reports[0].emails";
}

void tst_ReportList::tellsWhatIsWrong()
{
    QFETCH(QString, line);
    QFETCH(QString, field);
    EmptyResolver resolver;
    const auto read = readConfig("version: 1\nreports:\n  - name: x\n    " + line.toStdString() + "\n", ReadOptions {.file = "f", .resolver = &resolver});
    QVERIFY(!read);
    QVERIFY2(std::ranges::any_of(read.error(), [&](const Problem &problem) { return QString::fromStdString(problem.field) == field; }), read.error().front().text().c_str());
}

/// Another machine may know it, so that the file is taken.
void tst_ReportList::warnsOfAnUnknownZone()
{
    EmptyResolver resolver;
    const auto read = readConfig("version: 1\ngateway: { time_zone: Etc/UTC }\nreports:\n  - name: x\n    time_zone: Europe/Berln\n", ReadOptions {.file = "f", .resolver = &resolver});
    QVERIFY(read);
    QCOMPARE(read->warnings.size(), std::size_t(1));
    QCOMPARE(read->warnings[0].text(), std::string("f:5:16: warning: this machine knows no time zone \"Europe/Berln\": days and months begin as in UTC"));
}

void tst_ReportList::isLaidOverByTheFile()
{
    Config current;
    current.reports = {{.id = "report_1", .name = "own"}};
    const Config file = readYaml(whole, Origin::File);
    const auto laid = withFile(current, file);
    QVERIFY(laid);
    QCOMPARE(laid->reports.size(), 3U);
    QVERIFY(laid->reports[0].origin == Origin::File);
    QCOMPARE(laid->reports[2].name, std::string("own"));
    current.reports[0].name = "everybody";
    QVERIFY(!withFile(current, file)); // both have one of that name
}

void tst_ReportList::differencesAreTold()
{
    Config before, after;
    before.reports = {{.id = "report_1", .name = "weekly"}};
    after = before;
    after.reports[0].at = 8 * 60;
    after.reports[0].email = {"a@example.org"};
    const std::string told = diffText(before, after);
    QVERIFY2(told.find("report weekly") != std::string::npos && told.find("at: ") != std::string::npos, told.c_str());
}

void tst_ReportList::timesOfDay_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("minute"); // -1: none
    QTest::newRow("morning") << "07:00" << 420;
    QTest::newRow("end of the day") << "24:00" << 0;
    QTest::newRow("last") << "23:59" << 1439;
    QTest::newRow("too late") << "24:01" << -1;
    QTest::newRow("short") << "7:00" << -1;
    QTest::newRow("signs") << "-1:00" << -1;
    QTest::newRow("letters") << "0a:00" << -1;
}

void tst_ReportList::timesOfDay()
{
    QFETCH(QString, text);
    QFETCH(int, minute);
    QCOMPARE(minuteOfDay(text.toStdString()).value_or(-1), minute);
    if (minute > 0)
        QCOMPARE(minuteText(minute), text.toStdString());
}

QTEST_APPLESS_MAIN(tst_ReportList)
#include "tst_report_list.moc"
