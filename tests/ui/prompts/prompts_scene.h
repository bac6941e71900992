// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/prompts/prompt_tree.h"
#include "ui/panes/prompts/prompts_pane.h"
#include "ui/panes/prompts/run_card.h"
#include "ui/panes/prompts/template_edit.h"
#include "ui/panes/prompts/version_list.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QPlainTextEdit>
#include <QtTest>

#include <algorithm>

namespace tests {

using namespace Qt::StringLiterals;
using namespace ui::prompts;
using gateway::config::Prompt;
using gateway::config::PromptVersion;

/// The prompts pane over the pictures' gateway, shown, with the keys and a prompt chosen.
struct PromptsScene
{
    explicit PromptsScene(FakeGateway::Scene scene = FakeGateway::Scene::Full, const QString &prompt = u"summarise-ticket"_s) : gateway(scene), view(FakeGateway::sceneTime), pane({&gateway, &view, nullptr, nullptr})
    {
        QObject::connect(&view, &ui::bridge::ViewContext::toastRequested, &pane, [this](const QString &text, const std::function<void()> &back) {
            told = text;
            undo = back;
        });
        pane.resize(1368, 820);
        pane.show();
        pane.setActive(true);
        pane.activateWindow();
        if (!QTest::qWaitForWindowActive(&pane))
            qFatal("the window does not become active");
        pane.openItem(prompt);
    }

    template <typename T = QWidget>
    T *part(const QString &name) const
    {
        for (QWidget *window : QApplication::topLevelWidgets())
            if (T *found = window->findChild<T *>(u"prompts."_s + name))
                return found;
        return nullptr;
    }
    QDialog *dialog(const QString &name) const { return pane.findChild<QDialog *>(u"prompts."_s + name); }
    QAbstractButton *button(const QString &name) const { return part<QAbstractButton>(name); }
    void click(const QString &name) const
    {
        QAbstractButton *its = button(name);
        QVERIFY2(its && its->isVisible() && its->isEnabled(), qPrintable(name));
        QTest::mouseClick(its, Qt::LeftButton);
    }
    TemplateEdit *text(int message) const { return part<TemplateEdit>(u"message.%1.text"_s.arg(message)); }
    VersionList *versions() const { return part<VersionList>(u"versions"_s); }
    PromptTree *tree() const { return part<PromptTree>(u"tree"_s); }
    RunCard *card(int index) const { return part<RunCard>(u"run.%1"_s.arg(index)); }
    QString cardText(int index) const { return part<QPlainTextEdit>(u"run.%1.text"_s.arg(index))->toPlainText(); }
    QVariant row(int row, int role) const { return versions()->item(row)->data(role); }
    const Prompt &stored(const std::string &name = "summarise-ticket") const
    {
        const auto &prompts = gateway.config()->prompts;
        const auto found = std::ranges::find(prompts, name, &Prompt::name);
        if (found == prompts.end())
            qFatal("there is no such prompt");
        return *found;
    }
    std::int64_t labelled(const std::string &label) const
    {
        for (const PromptVersion &version : stored().versions)
            if (std::ranges::find(version.labels, label) != version.labels.end())
                return version.version;
        return 0;
    }
    /// At the end of a message's text.
    void type(int message, const QString &words) const
    {
        TemplateEdit *edit = text(message);
        edit->setFocus();
        edit->moveCursor(QTextCursor::End);
        QTest::keyClicks(edit, words);
    }
    void press(int key, Qt::KeyboardModifiers modifiers) const
    {
        auto *window = const_cast<PromptsPane *>(&pane);
        if (!QApplication::activeModalWidget() && !pane.isActiveWindow()) { // no window manager does it when a dialog is gone
            window->activateWindow();
            QVERIFY(QTest::qWaitForWindowActive(window));
        }
        QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : window, static_cast<Qt::Key>(key), modifiers);
    }
    void fill(const QString &name, const QString &value) const
    {
        auto *field = part<QWidget>(u"form."_s + name);
        QVERIFY2(field, qPrintable(name));
        if (auto *box = qobject_cast<QComboBox *>(field)) {
            box->setCurrentIndex(box->findData(value));
            Q_EMIT box->activated(box->currentIndex());
            return;
        }
        field->setFocus();
        QTest::keyClicks(field, value);
    }
    void fillAll() const
    {
        for (const auto &[name, value] : {std::pair {u"language"_s, u"English"_s}, {u"max_words"_s, u"40"_s}, {u"ticket_id"_s, u"TCK-482910"_s}, {u"customer_tier"_s, u"pro"_s}, {u"text"_s, u"The scanner app closes."_s}})
            fill(name, value);
    }

    FakeGateway gateway;
    ui::bridge::ViewContext view;
    PromptsPane pane;
    QString told;
    std::function<void()> undo;
};

} // namespace tests
