// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/sql_shots.h"

#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/costs/costs_pane.h"
#include "ui/panes/costs/sql_edit.h"
#include "ui/panes/costs/sql_samples.h"
#include "ui/panes/costs/sql_view.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/table_view.h"

#include <QApplication>
#include <QKeyEvent>
#include <QListWidget>

using namespace Qt::StringLiterals;

namespace tests {

void shootSql(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, bool full, const std::function<void(int)> &live)
{
    auto *pane = qobject_cast<ui::costs::CostsPane *>(window.pane(u"costs"_s));
    auto *view = window.findChild<ui::costs::SqlView *>();
    auto *edit = window.findChild<ui::costs::SqlEdit *>();
    if (!pane || !view || !edit)
        return;
    const auto save = [&](const QString &name) {
        live(250);
        window.grab().save(folder.filePath(u"costs-sql%1-%2.png"_s.arg(name, suffix)));
    };
    const QList<ui::costs::SqlSample> samples = ui::costs::sqlSamples();
    pane->setShape(ui::costs::CostsPane::Shape::Sql);
    edit->clear();
    save({});
    if (!full) {
        view->ask(samples.first().text);
        save(u"-asked"_s);
        pane->setShape(ui::costs::CostsPane::Shape::Chart);
        return;
    }
    auto *shape = window.findChild<ui::widgets::SegmentedControl *>(u"costs.sqlShape"_s);
    pane->showAsSql();
    save(u"-builder"_s);
    shape->setCurrent(1);
    save(u"-chart"_s);
    shape->setCurrent(0);
    view->ask(samples.at(2).text);
    live(100);
    if (auto *table = window.findChild<ui::widgets::TableView *>(u"costs.sqlResult"_s))
        table->setCurrentIndex(table->model()->index(3, 6));
    save(u"-calls"_s);
    view->save();
    save(u"-saved"_s);
    view->ask(u"DELETE FROM calls\nWHERE team = 'search'"_s);
    save(u"-refused"_s);
    gateway.sql().setWaiting(true);
    view->ask(samples.at(4).text);
    live(1300);
    gateway.sql().tellProgress({.rows = 412'906, .elapsed = std::chrono::milliseconds(1300)});
    save(u"-running"_s);
    view->cancel();
    gateway.sql().setWaiting(false);
    edit->clear();
    edit->setFocus();
    for (const QChar c : u"SELECT team, sum(co"_s) {
        QKeyEvent press(QEvent::KeyPress, c.toUpper().unicode() < 128 ? c.toUpper().unicode() : 0, Qt::NoModifier, QString(c));
        QCoreApplication::sendEvent(edit, &press);
    }
    live(100);
    for (QWidget *popup : QApplication::topLevelWidgets()) {
        if (popup != &window && popup->isVisible() && popup->inherits("QListView"))
            popup->grab().save(folder.filePath(u"costs-sql-offers-%1.png"_s.arg(suffix)));
    }
    QKeyEvent escape(QEvent::KeyPress, Qt::Key_Escape, Qt::NoModifier);
    if (QWidget *popup = QApplication::activePopupWidget())
        QCoreApplication::sendEvent(popup, &escape);
    pane->setShape(ui::costs::CostsPane::Shape::Table);
    window.grab().save(folder.filePath(u"costs-table-%1.png"_s.arg(suffix)));
    pane->setShape(ui::costs::CostsPane::Shape::Chart);
}

} // namespace tests
