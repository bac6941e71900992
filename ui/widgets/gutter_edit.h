// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

#include <optional>

namespace ui::widgets {

/// Text in the code's letters with a column at its left: numbers of lines, or the signs of a diff.
class GutterEdit : public QPlainTextEdit
{
    Q_OBJECT
public:
    static constexpr int gutterWidth = 36;

    explicit GutterEdit(QWidget *parent = nullptr);

protected:
    struct Mark
    {
        QString text;
        QColor color;
        std::optional<QColor> background {}; ///< of the whole line's beginning
    };
    /// What stands beside a line.
    [[nodiscard]] virtual Mark mark(const QTextBlock &block) const = 0;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    virtual void themeChanged() {}
    void updateGutter();

private:
    friend class Gutter;
    void paintGutter(const QRect &dirty);

    QWidget *m_gutter;
};

} // namespace ui::widgets
