"""GRAPH -> NUMBERS that several analyses share: conversion, reach, credit, calendar, groups ..."""
