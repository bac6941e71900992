// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/setup_shots.h"

#include "ui/panes/routes/route_canvas.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/tab_strip.h"

#include <QAbstractButton>
#include <QCoreApplication>
#include <QDialog>
#include <QKeyEvent>
#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace tests {

namespace {

void press(QWidget *target, int key)
{
    QKeyEvent down(QEvent::KeyPress, key, Qt::NoModifier);
    QCoreApplication::sendEvent(target, &down);
}

void click(QWidget &window, const QString &name)
{
    if (auto *button = window.findChild<QAbstractButton *>(name))
        button->click();
}

void closeDialogs(QWidget &window)
{
    for (QDialog *dialog : window.findChildren<QDialog *>()) {
        dialog->hide(); // takes its shade off the window
        delete dialog;
    }
}

} // namespace

void shootSetup(const QDir &folder, ui::shell::MainWindow &window, const QString &pane, const QString &suffix, const std::function<void(int)> &live)
{
    const auto save = [&](const QString &name) {
        live(250);
        window.grab().save(folder.filePath(u"%1-%2-%3.png"_s.arg(pane, name, suffix)));
    };
    if (pane == u"providers") {
        window.openPane(pane, u"together"_s);
        click(window, u"providers.test"_s);
        live(400);
        save(u"tested"_s);
        click(window, u"providers.advanced.toggle"_s);
        click(window, u"providers.headers.add"_s);
        if (auto *name = window.findChild<QLineEdit *>(u"providers.headers.name.0"_s))
            name->setText(u"X-Api-Key"_s);
        window.openPane(pane, u"claude"_s);
        save(u"advanced"_s);
        auto *tabs = window.findChild<ui::widgets::TabStrip *>(u"providers.tabs"_s);
        for (int tab = 1; tabs && tab < 4; ++tab) {
            tabs->setCurrent(tab);
            save(u"tab%1"_s.arg(tab));
        }
        tabs->setCurrent(0);
        click(window, u"providers.addButton"_s);
        save(u"add"_s);
    } else if (pane == u"routes") {
        window.openPane(pane, u"canary"_s);
        auto *canvas = window.findChild<ui::routes::RouteCanvas *>();
        canvas->setFocus();
        canvas->setChosen(ui::routes::Path {0});
        save(u"canary"_s);
        press(canvas, Qt::Key_C);
        press(canvas, Qt::Key_Right);
        save(u"line"_s);
        press(canvas, Qt::Key_Return);
        save(u"drawn"_s);
    } else if (pane == u"keys") {
        click(window, u"keys.new"_s);
        save(u"form"_s);
        if (auto *name = window.findChild<QLineEdit *>(u"keys.form.name"_s))
            name->setText(u"search-new"_s);
        click(window, u"keys.form.submit"_s);
        live(400);
        save(u"secret"_s);
        if (auto *dialog = window.findChild<QDialog *>(u"keys.secret"_s))
            dialog->grab().save(folder.filePath(u"keys-secret-dialog-%1.png"_s.arg(suffix)));
    }
    for (QDialog *dialog : window.findChildren<QDialog *>())
        if (dialog->isVisible())
            dialog->grab().save(folder.filePath(u"%1-dialog-%2.png"_s.arg(pane, suffix)));
    closeDialogs(window);
}

} // namespace tests
