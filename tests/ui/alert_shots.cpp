// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/alert_shots.h"

#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/pane.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/table_view.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLineEdit>
#include <QScrollBar>

using namespace Qt::StringLiterals;

namespace tests {

void shootAlerts(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live)
{
    auto *pane = window.pane(u"alerts"_s);
    auto *tabs = pane ? pane->findChild<ui::widgets::TabStrip *>(u"alerts.lowerTabs"_s) : nullptr;
    auto *table = pane ? pane->findChild<ui::widgets::TableView *>(u"alerts.table"_s) : nullptr;
    if (!tabs || !table)
        return;
    const auto save = [&](const QString &name) {
        live(500);
        window.grab().save(folder.filePath(u"alerts-%1-%2.png"_s.arg(name, suffix)));
    };
    const auto click = [&](const QString &part) {
        if (auto *button = pane->findChild<QAbstractButton *>(u"alerts."_s + part))
            button->click();
    };
    const auto choose = [&](int row) { table->selectionModel()->setCurrentIndex(table->model()->index(row, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows); };
    tabs->setCurrent(1);
    save(u"subjects"_s);
    tabs->setCurrent(2);
    save(u"firings"_s);
    choose(1);
    gateway.alerts().refuseTests("it answered 401");
    click(u"test"_s);
    save(u"tested"_s);
    gateway.alerts().refuseTests({});
    tabs->setCurrent(0);
    save(u"budget"_s);
    choose(4);
    if (auto *scroll = pane->findChild<QWidget *>(u"alerts.form.quiet"_s)) {
        for (QWidget *parent = scroll->parentWidget(); parent; parent = parent->parentWidget()) {
            if (auto *area = qobject_cast<QAbstractScrollArea *>(parent)) {
                live(50);
                area->verticalScrollBar()->setValue(area->verticalScrollBar()->maximum());
                break;
            }
        }
    }
    save(u"quiet"_s);
    choose(0);
    gateway.refuseNextApply({{"alerts[0].when.above", "error_rate is a share from 0 to 1: 5 percent is 0.05"}, {"alerts[0].notify[1]", "behind `slack:` stands the webhook's address, such as https://example.org/hook"}});
    if (auto *level = pane->findChild<QLineEdit *>(u"alerts.form.level"_s)) {
        level->setText(u"500 %"_s);
        Q_EMIT level->textEdited(level->text());
    }
    save(u"wrong"_s);
    click(u"mail"_s);
    save(u"mail"_s);
    click(u"revert"_s);
    choose(0);
    table->selectionModel()->select(table->model()->index(2, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    table->selectionModel()->select(table->model()->index(3, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    save(u"several"_s);
    choose(0);
}

} // namespace tests
