// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/button.h"

#include <QDialog>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <functional>

namespace ui::widgets {

/// A dialog of the design over its window: padding 20/24, title 17 with an icon, buttons right, scrim behind. Opened
/// with open(), never exec(): the gui thread does not wait.
class Dialog : public QDialog
{
    Q_OBJECT
public:
    Dialog(Icon icon, Role iconRole, const QString &title, QWidget *parent);

    [[nodiscard]] QVBoxLayout *body() const { return m_body; }
    void setSubtitle(const QString &text);
    Button *addButton(Button::Kind kind, const QString &text); ///< from left to right, right-aligned
    Button *addLeftButton(Button::Kind kind, const QString &text);
    void addLeftWidget(QWidget *widget);
    void setClosable(bool closable); ///< cross and Esc
    void setFitting(bool fits);      ///< takes the size that its content asks for whenever that changes, about the same middle

protected:
    bool event(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void takeSize(const QPoint &middle);
    void focusField(); ///< what is typed goes into the first field, if the dialog begins with one

    QVBoxLayout *m_body;
    QHBoxLayout *m_buttons;
    class Label *m_subtitle;
    Button *m_close;
    QWidget *m_scrim = nullptr;
    Icon m_icon;
    Role m_iconRole;
    bool m_closable = true;
    bool m_fits = false;
};

/// Asks once, only where undo cannot help; says what will happen.
class ConfirmDialog final : public Dialog
{
    Q_OBJECT
public:
    ConfirmDialog(const QString &title, const QString &consequence, const QString &confirmText, QWidget *parent);
    /// A line "In use · 612 calls this hour".
    void addEffect(const QString &label, const QString &value);

Q_SIGNALS:
    void confirmed();

private:
    class QGridLayout *m_effects;
};

} // namespace ui::widgets
