// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/costs/report_dialog.h"
#include "ui/panes/costs/report_view.h"
#include "ui/panes/costs/schedule_form.h"
#include "ui/panes/costs/schedules_model.h"
#include "ui/reports/sheet_pages.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include "gateway/reports/sheet.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTimeEdit>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace ui::costs;
using gateway::config::Report;
using tests::FakeGateway;
using tests::FakeReports;

namespace {

struct Scene
{
    explicit Scene(FakeGateway::Scene scene = FakeGateway::Scene::Full) : gateway(scene), view(FakeGateway::sceneTime), dialog(new ReportDialog(gateway, gateway.reports(), view, nullptr)) { dialog->show(); }
    ~Scene() { delete dialog; }
    template <typename T>
    T *part(const QString &name) { return dialog->findChild<T *>(u"costs."_s + name); }
    template <typename T>
    T *formPart(const QString &name) { return form()->findChild<T *>(u"costs.scheduleForm."_s + name); }
    ScheduleForm *form()
    {
        const auto forms = qApp->topLevelWidgets();
        for (QWidget *widget : forms) {
            if (auto *found = qobject_cast<ScheduleForm *>(widget))
                return found;
        }
        return dialog->findChild<ScheduleForm *>();
    }
    void setReports(std::vector<Report> reports)
    {
        gateway::config::Config config = *gateway.config();
        config.reports = std::move(reports);
        gateway.setConfig(std::move(config));
    }

    FakeGateway gateway;
    ui::bridge::ViewContext view;
    ReportDialog *dialog;
};

/// How many pages a PDF says that it has.
qsizetype pagesIn(const QByteArray &pdf)
{
    return pdf.count("/Type /Page\n") + pdf.count("/Type /Page ") + pdf.count("/Type/Page\n");
}

} // namespace

class tst_ReportDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

    void theLastWeekIsShown()
    {
        Scene scene;
        QTRY_VERIFY(scene.part<QPushButton>(u"report.save"_s)->isEnabled());
        QCOMPARE(scene.gateway.reports().asked().back().time.id, std::string("2026-W46")); // the scene is in week 47
        QVERIFY(!scene.gateway.reports().asked().back().team);
        QVERIFY(scene.part<QLabel>(u"report.number"_s)->text().startsWith(u"Page 1 of "_s));
        QVERIFY(!scene.part<QLabel>(u"report.picture"_s)->pixmap().isNull());
        QVERIFY(!scene.part<QPushButton>(u"report.back"_s)->isEnabled());
        scene.part<QPushButton>(u"report.forth"_s)->click();
        QVERIFY(scene.part<QLabel>(u"report.number"_s)->text().startsWith(u"Page 2 of "_s));
    }

    void teamAndTimeAreChosen()
    {
        Scene scene;
        auto *team = scene.part<QComboBox>(u"report.team"_s);
        team->setCurrentIndex(team->findText(u"search"_s));
        scene.part<QComboBox>(u"report.kind"_s)->setCurrentIndex(1);
        scene.part<QComboBox>(u"report.when"_s)->setCurrentIndex(0); // this month
        QTRY_COMPARE(scene.gateway.reports().asked().back().time.id, std::string("2026-11"));
        QCOMPARE(scene.gateway.reports().asked().back().team, std::optional<std::string>("search"));
        scene.part<QComboBox>(u"report.kind"_s)->setCurrentIndex(2);
        QTRY_COMPARE(scene.gateway.reports().asked().back().time.id, std::string("2026-11-10_2026-11-16"));
        QVERIFY(!scene.part<QComboBox>(u"report.when"_s)->isVisible());
    }

    void isSavedAsPdfAndHtml()
    {
        Scene scene;
        const QTemporaryDir folder;
        QTRY_VERIFY(scene.part<QPushButton>(u"report.save"_s)->isEnabled());
        auto *view = scene.dialog->findChild<ReportView *>();
        const auto read = [&](const QString &name) {
            QFile file(folder.filePath(name));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        view->saveTo(folder.filePath(u"r.pdf"_s));
        QTRY_VERIFY(read(u"r.pdf"_s).startsWith("%PDF-"));
        QVERIFY(scene.part<QPushButton>(u"report.folder"_s)->isEnabled());
        scene.part<ui::widgets::SegmentedControl>(u"report.format"_s)->setCurrent(1);
        view->saveTo(folder.filePath(u"r.html"_s));
        QVERIFY(read(u"r.html"_s).startsWith("<!DOCTYPE html>"));
        QSignalSpy toasts(&scene.view, &ui::bridge::ViewContext::toastRequested);
        view->saveTo(folder.filePath(u"none/r.html"_s));
        QVERIFY(toasts.back().at(0).toString().startsWith(u"Cannot write "_s));
    }

    void everyPageOfAPdfIsThere()
    {
        const auto week = gateway::reportWeek("2026-W46", "Europe/Berlin");
        const auto sheet = gateway::reports::sheetOf(FakeReports::dataOf({.time = *week}, FakeGateway::sceneTime()));
        const ui::reports::SheetPages pages(sheet);
        QVERIFY2(pages.count() >= 8, qPrintable(QString::number(pages.count()))); // all together, and three teams
        const auto pdf = pages.pdf();
        QVERIFY(pdf);
        const QByteArray bytes = QByteArray::fromStdString(*pdf);
        QVERIFY(bytes.startsWith("%PDF-") && bytes.trimmed().endsWith("%%EOF"));
        QCOMPARE(pagesIn(bytes), pages.count());
        QVERIFY(pages.picture(0, 1).size() == QSize(595, 842));
        QVERIFY(pages.picture(pages.count(), 1).size() == QSize(595, 842)); // none such: an empty one
    }

    void nothingOfATallTableIsLost()
    {
        gateway::SheetTable table {.title = "Tall", .columns = {{.title = "Name"}, {.title = "Cost", .number = true}}};
        for (int i = 0; i < 200; ++i)
            table.rows.push_back({.cells = {"row " + std::to_string(i), "$1.00"}});
        const ui::reports::SheetPages pages({.title = "t", .footer = "f", .fileName = "n", .blocks = {table}});
        QCOMPARE(pages.count(), 5); // some 45 rows stand on a page
    }

    void aFailureIsTold()
    {
        Scene scene(FakeGateway::Scene::Failing);
        auto *banner = scene.part<ui::widgets::SectionBanner>(u"report.banner"_s);
        QTRY_VERIFY(banner->isVisible());
        QCOMPARE(banner->headline(), u"The report cannot be made"_s);
        QVERIFY(!scene.part<QPushButton>(u"report.save"_s)->isEnabled());
    }

    void waitingCanBeEnded()
    {
        Scene scene(FakeGateway::Scene::Waiting);
        auto *waiting = scene.dialog->findChild<ui::widgets::SkeletonView *>();
        QVERIFY(waiting->waiting());
        Q_EMIT waiting->cancelled();
        QCOMPARE(scene.gateway.reports().cancelled(), 1);
        QVERIFY(!waiting->waiting());
        QVERIFY(scene.part<ui::widgets::SectionBanner>(u"report.banner"_s)->isVisible());
    }

    void aReportIsScheduled()
    {
        Scene scene;
        scene.dialog->showPage(ReportDialog::Page::Scheduled);
        auto *first = scene.part<QPushButton>(u"schedules.first"_s);
        QVERIFY(first && first->isVisible());
        first->click();
        QVERIFY(scene.form());
        QVERIFY(!scene.formPart<QPushButton>(u"submit"_s)->isEnabled()); // without a name
        scene.formPart<QLineEdit>(u"name"_s)->setText(u"search weekly"_s);
        scene.formPart<QComboBox>(u"team"_s)->setCurrentIndex(1);
        scene.formPart<QTimeEdit>(u"at"_s)->setTime(QTime(6, 30));
        scene.formPart<ui::widgets::NamesField>(u"email"_s)->setText(u"a@example.org, b@example.org"_s);
        scene.gateway.refuseNextApply({{.field = "reports[0].email[0]", .message = "that is no address"}});
        scene.formPart<QPushButton>(u"submit"_s)->click();
        QTRY_COMPARE(scene.formPart<ui::widgets::SectionBanner>(u"problem"_s)->headline(), u"that is no address"_s);
        scene.formPart<QPushButton>(u"submit"_s)->click();
        QTRY_COMPARE(scene.gateway.config()->reports.size(), 1U);
        const Report &made = scene.gateway.config()->reports[0];
        QCOMPARE(made.name, std::string("search weekly"));
        QCOMPARE(made.at, 6 * 60 + 30);
        QCOMPARE(made.email.size(), 2U);
        QVERIFY(!made.team.empty());
        QTRY_COMPARE(scene.part<ui::widgets::TableView>(u"schedules"_s)->model()->rowCount(), 1);
    }

    void whatCameOfItIsShown()
    {
        Scene scene;
        const QAbstractItemModelTester tester(scene.part<ui::widgets::TableView>(u"schedules"_s)->model());
        scene.setReports({{.id = "report_1", .name = "weekly", .team = "search"}, {.id = "report_2", .name = "monthly", .enabled = false, .per = gateway::config::ReportPeriod::Month}});
        scene.dialog->showPage(ReportDialog::Page::Scheduled);
        const gateway::WallTime now = FakeGateway::sceneTime();
        scene.gateway.reports().setBoard({.states = {{.report = "report_1", .last = gateway::ReportRun {.report = "report_1", .period = "2026-W46", .at = now - std::chrono::hours(7), .attempts = 5, .file = "/srv/r.html", .problem = "a@example.org: mail.example.org refused the e-mail", .over = true}, .next = now + std::chrono::hours(100)},
                                                     {.report = "report_2", .last = gateway::ReportRun {.report = "report_2", .period = "2026-10", .at = now - std::chrono::hours(7), .file = "/srv/m.html", .sent = 2, .over = true}}}});
        auto *model = scene.part<ui::widgets::TableView>(u"schedules"_s)->model();
        QTRY_COMPARE(model->rowCount(), 2);
        QVERIFY(model->index(0, SchedulesModel::Last).data().toString().startsWith(u"2026-W46 made; not mailed: a@example.org"_s));
        QCOMPARE(model->index(0, SchedulesModel::When).data().toString(), u"Weekly at 07:00"_s);
        QCOMPARE(model->index(1, SchedulesModel::Next).data().toString(), u"Off"_s);
        QVERIFY(model->index(1, SchedulesModel::Last).data().toString().contains(u"mailed to 2"_s));
        QVERIFY(scene.part<QLabel>(u"schedules.problem"_s)->text().contains(u"mail.example.org"_s));
    }

    void areTurnedOffMadeAndRemoved()
    {
        Scene scene;
        scene.setReports({{.id = "report_1", .name = "weekly"}, {.id = "report_2", .origin = gateway::config::Origin::File, .name = "of the file"}});
        scene.dialog->showPage(ReportDialog::Page::Scheduled);
        auto *table = scene.part<ui::widgets::TableView>(u"schedules"_s);
        QTRY_COMPARE(table->model()->rowCount(), 2);
        table->selectRow(1);
        QVERIFY(!scene.part<QPushButton>(u"schedules.remove"_s)->isEnabled());
        QVERIFY(scene.part<QPushButton>(u"schedules.run"_s)->isEnabled());
        scene.part<QPushButton>(u"schedules.run"_s)->click();
        QCOMPARE(scene.gateway.reports().made(), std::vector<std::string> {"report_2"});
        table->selectRow(0);
        scene.part<QPushButton>(u"schedules.turn"_s)->click();
        QTRY_VERIFY(!scene.gateway.config()->reports[0].enabled);
        QCOMPARE(scene.part<QPushButton>(u"schedules.turn"_s)->text(), u"Turn on"_s);
        scene.part<QPushButton>(u"schedules.remove"_s)->click();
        QTRY_COMPARE(scene.gateway.config()->reports.size(), 1U);
    }

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

QTEST_MAIN(tst_ReportDialog)
#include "tst_report_dialog.moc"
