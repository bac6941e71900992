// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/costs/bill_dialog.h"
#include "ui/panes/costs/bill_model.h"
#include "ui/panes/costs/bill_words.h"
#include "ui/panes/costs/cause_bar.h"
#include "ui/panes/costs/costs_pane.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace ui::costs;
using gateway::Money;
using gateway::billing::Reconciliation;
using tests::FakeGateway;

namespace {

/// The fake's log has all of a bill but its last day.
constexpr auto bill = "usage_date_utc,model,workspace,token_type,cost_usd\n"
                      "2026-11-14,Claude Haiku 4.5,Default,output,1.25\n"
                      "2026-11-15,Claude Haiku 4.5,Default,output,2\n"
                      "2026-11-16,Claude Haiku 4.5,Default,output,4\n"
                      "2026-11-16,Web Search,Default,,0.5\n";

/// A gateway whose providers are none of the bill's kind.
class AskingTools final : public gateway::api::CostTools
{
public:
    void costs(gateway::CostQuery, QObject *, gateway::api::Answer<gateway::Costs>) override {}
    void reconcile(gateway::api::BillQuery query, QObject *, gateway::api::Answer<Reconciliation> done) override
    {
        asked.push_back(query.providers);
        if (query.providers.empty())
            done(gateway::fail(gateway::ErrorCode::BadRequest, "No provider is of the bill's kind.", "providers"));
        else
            done(Reconciliation {});
    }
    void cancel(QObject *) override {}
    std::vector<std::vector<std::string>> asked;
};

struct Scene
{
    Scene() : gateway(FakeGateway::Scene::Full), view(FakeGateway::sceneTime), dialog(*gateway::api::CostTools::of(gateway), view, {"anthropic", "claude-like"}, nullptr)
    {
        dialog.show();
    }
    template <typename T>
    T *part(const QString &name) { return dialog.findChild<T *>(u"costs.bill."_s + name); }
    QAbstractItemModel *rows() { return part<ui::widgets::TableView>(u"rows"_s)->model(); }
    QString cell(int row, int column) { return rows()->index(row, column).data().toString(); }
    QString write(const QByteArray &text)
    {
        const QString path = folder.filePath(u"export.csv"_s);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("the test's folder cannot be written");
        return path;
    }

    QTemporaryDir folder;
    FakeGateway gateway;
    ui::bridge::ViewContext view;
    BillDialog dialog;
};

} // namespace

class tst_BillDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

    void whatDiffersIsShownWithWhy()
    {
        Scene scene;
        const QAbstractItemModelTester tester(scene.rows());
        scene.dialog.compare({scene.write(bill)});
        QTRY_COMPARE(scene.rows()->rowCount(), 2);
        QCOMPARE(scene.part<ui::widgets::SectionBanner>(u"sentence"_s)->headline(), u"The bill says $7.75 from 14 Nov to 16 Nov 2026, the log $3.25 (58.1 % less)."_s);
        QVERIFY(scene.part<ui::widgets::TableView>(u"rows"_s)->isColumnHidden(BillModel::BilledTokensColumn)); // a bill of costs alone
        QVERIFY(!scene.part<ui::widgets::TableView>(u"rows"_s)->isColumnHidden(BillModel::DriftColumn));
        QCOMPARE(scene.cell(0, BillModel::NameColumn), u"Claude Haiku 4.5"_s);
        QCOMPARE(scene.cell(0, BillModel::DayColumn), u"16 Nov 2026"_s);
        QCOMPARE(scene.cell(0, BillModel::DriftColumn), u"+$4.00"_s);
        QCOMPARE(scene.cell(0, BillModel::LoggedColumn), u"—"_s);
        QCOMPARE(scene.cell(0, BillModel::CauseColumn), u"not in the log"_s);
        QVERIFY(scene.part<ui::widgets::Label>(u"why"_s)->text().startsWith(u"The log has no such call that day"_s));
        scene.part<QCheckBox>(u"all"_s)->setChecked(true);
        QCOMPARE(scene.rows()->rowCount(), 4);
        QCOMPARE(scene.cell(0, BillModel::CauseColumn), u"the same"_s);
        QCOMPARE(scene.part<ui::widgets::Label>(u"why"_s)->text(), QString());
    }

    void aDriftBeyondTheBillIsToldWhole()
    {
        Reconciliation all;
        gateway::billing::ReconciledRow row;
        row.day = std::chrono::sys_days(std::chrono::year(2026) / 11 / 16);
        row.billed.cost = Money::fromNanos(12'500'000'000);
        row.logged.cost = Money::fromNanos(38'210'000'000);
        all.rows = {row};
        all.billed = row.billed;
        all.logged = row.logged;
        QCOMPARE(billSentence(all), u"The bill says $12.50 on 16 Nov 2026, the log $38.21 (206 % more)."_s);
    }

    void aCauseIsChosenByMouseAndKeys()
    {
        Scene scene;
        scene.dialog.compare({scene.write(bill)});
        QTRY_COMPARE(scene.rows()->rowCount(), 2);
        auto *causes = scene.part<CauseBar>(u"causes"_s);
        QCOMPARE(causes->accessibleName(), u"What bill and log differ by: not in the log +$4.50"_s);
        scene.part<QCheckBox>(u"all"_s)->setChecked(true);
        QTest::mouseClick(causes, Qt::LeftButton, {}, QPoint(causes->width() / 2, 10));
        QCOMPARE(scene.rows()->rowCount(), 2);
        QTest::mouseClick(causes, Qt::LeftButton, {}, QPoint(causes->width() / 2, 10));
        QCOMPARE(scene.rows()->rowCount(), 4);
        QTest::keyClick(causes, Qt::Key_Right);
        QCOMPARE(causes->chosen(), std::optional(Cause::NotLogged));
        QTest::keyClick(causes, Qt::Key_Left);
        QVERIFY(!causes->chosen());
    }

    void aDaysCallsAreShown()
    {
        Scene scene;
        const QSignalSpy wanted(&scene.dialog, &BillDialog::callsWanted);
        scene.dialog.compare({scene.write(bill)});
        QTRY_COMPARE(scene.rows()->rowCount(), 2);
        QVERIFY(!scene.part<QPushButton>(u"calls"_s)->isEnabled()); // the log has none
        scene.part<QCheckBox>(u"all"_s)->setChecked(true);
        auto *table = scene.part<ui::widgets::TableView>(u"rows"_s);
        table->selectRow(1);
        QTest::mouseClick(scene.part<QPushButton>(u"calls"_s), Qt::LeftButton);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].toDate(), QDate(2026, 11, 15));
        QCOMPARE(wanted[0][1].toString(), u"Claude Haiku 4.5"_s);
    }

    void aFileThatIsNoBillIsRefusedInWords_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("headline");
        QTest::newRow("another table") << QByteArray("a,b\n1,2\n") << u"That is no bill that can be compared"_s;
        QTest::newRow("an empty file") << QByteArray() << u"That is no bill that can be compared"_s;
        QTest::newRow("no file") << QByteArray("-") << u"The file cannot be read"_s;
    }
    void aFileThatIsNoBillIsRefusedInWords()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, headline);
        Scene scene;
        auto *banner = scene.part<ui::widgets::SectionBanner>(u"banner"_s);
        scene.dialog.compare({text == "-" ? scene.folder.filePath(u"none.csv"_s) : scene.write(text)});
        QTRY_VERIFY(banner->isVisible());
        QCOMPARE(banner->headline(), headline);
        QVERIFY(scene.part<QPushButton>(u"choose"_s)->isVisible());
        scene.dialog.compare({scene.write(bill)});
        QTRY_COMPARE(scene.rows()->rowCount(), 2);
        QVERIFY(!banner->isVisible());
    }

    void whoseBillItIsCanBeSaid()
    {
        AskingTools tools;
        ui::bridge::ViewContext view(FakeGateway::sceneTime);
        BillDialog dialog(tools, view, {"openai", "claude-like"}, nullptr);
        dialog.show();
        Scene files;
        dialog.compare({files.write(bill)});
        auto *banner = dialog.findChild<ui::widgets::SectionBanner *>(u"costs.bill.banner"_s);
        QTRY_VERIFY(banner->isVisible());
        QCOMPARE(banner->headline(), u"Whose bill is it?"_s);
        auto *whose = dialog.findChild<QComboBox *>(u"costs.bill.whose"_s);
        QCOMPARE(dialog.focusWidget(), whose);
        QTest::keyClicks(whose, u"claude"_s);
        QTRY_VERIFY(!banner->isVisible());
        QTRY_COMPARE(tools.asked.size(), 2U);
        QCOMPARE(tools.asked[1], std::vector<std::string> {"claude-like"});
    }

    void filesAreDropped()
    {
        Scene scene;
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(scene.write(bill))});
        QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&scene.dialog, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&scene.dialog, &drop);
        QTRY_COMPARE(scene.rows()->rowCount(), 2);
    }

    void csvHasAllRowsExactly()
    {
        Scene scene;
        scene.dialog.compare({scene.write(bill)});
        QTRY_COMPARE(scene.rows()->rowCount(), 2);
        const QList<QByteArray> lines = scene.dialog.csv().split('\n');
        QCOMPARE(lines.size(), 6); // a head, four rows, an end
        QVERIFY2(lines[1].startsWith("2026-11-14,Claude Haiku 4.5,1.25,1.25,0,"), lines[1].constData());
    }

    void thePaneOpensIt()
    {
        FakeGateway gateway(FakeGateway::Scene::Full);
        ui::bridge::ViewContext view(FakeGateway::sceneTime);
        CostsPane pane({&gateway, &view, nullptr, nullptr});
        pane.show();
        pane.setActive(true);
        QList<QWidget *> bar = pane.barWidgets();
        const auto button = std::ranges::find(bar, u"costs.compareBill"_s, &QObject::objectName);
        QVERIFY(button != bar.end());
        qobject_cast<QPushButton *>(*button)->click();
        auto *dialog = pane.findChild<BillDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        const QSignalSpy calls(&view, &ui::bridge::ViewContext::callsRequested);
        Q_EMIT dialog->callsWanted(QDate(2026, 11, 15), u"gpt-4o"_s);
        QCOMPARE(calls.size(), 1);
        QCOMPARE(view.range().from, gateway::WallTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 15)));
        QVERIFY2(calls[0][0].toString().contains(u"gpt-4o"_s), qPrintable(calls[0][0].toString()));
        qDeleteAll(bar);
    }

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

QTEST_MAIN(tst_BillDialog)
#include "tst_bill_dialog.moc"
